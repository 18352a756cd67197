import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'

import type { Article } from '../types'
import { FileField } from './FileField'

/** An article: what its link shows, and its text in Markdown. */
export function ArticleFields({ article, onChange }: { article: Article; onChange: (article: Article) => void }) {
  const { t } = useTranslation('content')
  const insert = (id: string) => onChange({ ...article, text: `${article.text ?? ''}\n\n![](${id})\n` })
  return (
    <>
      <Form.Item label={t('article.title')} required><Input aria-label={t('article.title')} maxLength={80} value={article.title} onChange={(event) => onChange({ ...article, title: event.target.value })} /></Form.Item>
      <Form.Item label={t('article.summary')}><Input aria-label={t('article.summary')} maxLength={120} value={article.summary} onChange={(event) => onChange({ ...article, summary: event.target.value })} /></Form.Item>
      <Form.Item label={t('article.cover')}><FileField id={article.cover_file_id} onChange={(cover_file_id) => onChange({ ...article, cover_file_id })} /></Form.Item>
      <Form.Item label={t('article.text')} required extra={t('article.hint')}>
        <Input.TextArea aria-label={t('article.text')} autoSize={{ minRows: 10, maxRows: 30 }} value={article.text} onChange={(event) => onChange({ ...article, text: event.target.value })} />
      </Form.Item>
      <FileField label={t('article.picture')} onChange={insert} />
    </>
  )
}

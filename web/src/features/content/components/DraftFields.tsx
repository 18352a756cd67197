import { useTranslation } from 'react-i18next'

import { Panel } from '@/design/Panel'

import { blankBody } from '../model'
import type { Body, Draft, MaterialKind } from '../types'
import { ArticleFields } from './ArticleFields'
import { AttachmentFields } from './AttachmentFields'
import { FallbackFields } from './FallbackFields'
import { PosterFields } from './PosterFields'
import { VariableText } from './VariableText'

/** Everything that a draft of a kind holds. */
export function DraftFields({ kind, draft, onChange }: { kind: MaterialKind; draft: Draft; onChange: (draft: Draft) => void }) {
  const { t } = useTranslation('content')
  const body: Body = draft.body ?? blankBody()
  const write = (changed: Partial<Body>) => onChange({ ...draft, body: { ...body, ...changed } })
  return (
    <>
      {draft.article && <Panel title={t('kinds.article')}><ArticleFields article={draft.article} onChange={(article) => onChange({ ...draft, article })} /></Panel>}
      {draft.poster && <Panel title={t('kinds.poster')}><PosterFields poster={draft.poster} onChange={(poster) => onChange({ ...draft, poster })} /></Panel>}
      <Panel title={t('edit.message')}>
        <VariableText label={t(kind === 'text' ? 'edit.text' : 'edit.textBeside')} value={body.text ?? ''} limit onChange={(text) => write({ text })} />
        <AttachmentFields parts={body.attachments ?? []} onChange={(attachments) => write({ attachments })} />
      </Panel>
      <Panel title={t('fallback.title')}>
        <p className="soft" style={{ marginTop: 0 }}>{t('fallback.what')}</p>
        <FallbackFields draft={draft} onChange={(fallbacks) => onChange({ ...draft, fallbacks })} />
      </Panel>
    </>
  )
}

import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Dropdown, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'

import { attachmentsMax, blankPart, partKinds, placed, without } from '../model'
import type { Attachment, PartKind } from '../types'
import styles from './content.module.css'
import { FileField } from './FileField'

type Props = { parts: Attachment[]; onChange: (parts: Attachment[]) => void }

/** What goes along with a text: images, links, Mini Program pages, videos, files. */
export function AttachmentFields({ parts, onChange }: Props) {
  const { t } = useTranslation('content')
  return (
    <div className="stack-small">
      {parts.map((part, place) => <One key={place} part={part} onChange={(next) => onChange(placed(parts, place, next))} onRemove={() => onChange(without(parts, place))} />)}
      {parts.length < attachmentsMax && (
        <Dropdown trigger={['click']} menu={{ items: partKinds.map((kind) => ({ key: kind, label: t(`kinds.${kind}`) })), onClick: ({ key }) => onChange([...parts, blankPart(key as PartKind)]) }}>
          <Button type="dashed" icon={<PlusOutlined />} style={{ justifySelf: 'start' }}>{t('edit.attach')}</Button>
        </Dropdown>
      )}
    </div>
  )
}

function One({ part, onChange, onRemove }: { part: Attachment; onChange: (part: Attachment) => void; onRemove: () => void }) {
  const { t } = useTranslation('content')
  const text = (name: 'title' | 'text' | 'url' | 'app_id' | 'path', required = true) => (
    <Form.Item label={t(`part.${name}`)} required={required} style={{ marginBottom: 0 }}>
      <Input aria-label={t(`part.${name}`)} value={part[name]} onChange={(event) => onChange({ ...part, [name]: event.target.value })} />
    </Form.Item>
  )
  const cover = <FileField id={part.cover_file_id} label={t('part.cover')} onChange={(cover_file_id) => onChange({ ...part, cover_file_id })} />
  const file = (kind: 'image' | 'video' | 'file') => <FileField id={part.file_id} kind={kind} onChange={(file_id) => onChange({ ...part, file_id })} />
  return (
    <div className={styles.part}>
      <div className={styles.partHead}>
        <strong>{t(`kinds.${part.kind}`)}</strong>
        <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t('part.remove')} onClick={onRemove} />
      </div>
      {part.kind === 'image' && file('image')}
      {part.kind === 'link' && <>{text('title')}{text('url')}{text('text', false)}{cover}</>}
      {part.kind === 'mini' && <>{text('title')}<div className="two" style={{ gap: 8 }}>{text('app_id')}{text('path')}</div>{cover}</>}
      {part.kind === 'video' && file('video')}
      {part.kind === 'file' && <>{text('title', false)}{file('file')}</>}
    </div>
  )
}

import { Form, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { dimensions } from '../model'
import { useFolders, useKnownTags, usePersonas } from '../queries'
import type { ContentTag, Dimension, Shelf } from '../types'

export type SheetValue = { name: string; group_id?: string | null; persona_id?: string | null; tags: ContentTag[] }

/** What is said of a material beside its text: name, folder, persona, tags by what they speak of. */
export function SheetFields({ shelf, value, onChange }: { shelf: Shelf; value: SheetValue; onChange: (value: SheetValue) => void }) {
  const { t } = useTranslation('content')
  const folders = useFolders(shelf)
  const personas = usePersonas()
  const tags = useKnownTags().data ?? []
  const of = (dimension: Dimension) => value.tags.filter((tag) => tag.dimension === dimension).map((tag) => tag.name)
  const write = (dimension: Dimension, names: string[]) => onChange({ ...value, tags: [...value.tags.filter((tag) => tag.dimension !== dimension), ...names.map((name) => ({ dimension, name: name.trim().slice(0, 40) })).filter((tag) => tag.name)] })
  return (
    <>
      <Form.Item label={t('fields.name')} required><Input aria-label={t('fields.name')} maxLength={80} value={value.name} placeholder={t('hints.name')} onChange={(event) => onChange({ ...value, name: event.target.value })} /></Form.Item>
      <div className="two">
        <Form.Item label={t('fields.folder')}>
          <Select allowClear aria-label={t('fields.folder')} value={value.group_id ?? undefined} placeholder={t('noFolder')} onChange={(group_id?: string) => onChange({ ...value, group_id: group_id ?? null })}
            options={(folders.data ?? []).map((one) => ({ value: one.id, label: one.parent_id ? `　${one.name}` : one.name }))} />
        </Form.Item>
        <Form.Item label={t('fields.persona')}>
          <Select allowClear aria-label={t('fields.persona')} value={value.persona_id ?? undefined} placeholder={t('noPersona')} onChange={(persona_id?: string) => onChange({ ...value, persona_id: persona_id ?? null })}
            options={(personas.data ?? []).filter((one) => one.is_active || one.id === value.persona_id).map((one) => ({ value: one.id, label: `${one.name} · ${t(`personaKinds.${one.kind}`)}` }))} />
        </Form.Item>
        {dimensions.slice(0, 4).map((dimension) => (
          <Form.Item key={dimension} label={t(`dimensions.${dimension}`)} style={{ marginBottom: 0 }}>
            <Select mode="tags" aria-label={t(`dimensions.${dimension}`)} value={of(dimension)} placeholder={t(`hints.${dimension}`)} onChange={(names: string[]) => write(dimension, names)}
              options={tags.filter((tag) => tag.dimension === dimension).map((tag) => ({ value: tag.name, label: tag.name }))} />
          </Form.Item>
        ))}
      </div>
    </>
  )
}

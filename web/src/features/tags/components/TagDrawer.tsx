import { Form, Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { FormDrawer } from '@/design/FormDrawer'
import { useNotice } from '@/design/notice'

import { useAddTag, useChangeTag, useTags } from '../queries'
import type { Tag } from '../types'

type Props = { tag?: Tag; group?: string; onClose: () => void; onMade?: (id: string) => void }
type Values = { group: string; name: string; description: string; expires_after_days: number | null; position?: number }

export function TagDrawer({ tag, group, onClose, onMade }: Props) {
  const { t } = useTranslation('tags')
  const { done } = useNotice()
  const groups = useTags()
  const add = useAddTag()
  const change = useChangeTag()
  const saved = (made: Tag) => { done(t('saved')); onMade?.(made.id); onClose() }
  const save = ({ group: into, ...values }: Values) => {
    const days = values.expires_after_days ?? null
    if (tag) change.mutate({ ...values, id: tag.id, expires_after_days: days }, { onSuccess: saved })
    else add.mutate({ ...values, group: into, expires_after_days: days }, { onSuccess: saved })
  }
  const initial: Partial<Values> = tag ? { name: tag.name, description: tag.description, expires_after_days: tag.expires_after_days, position: tag.position } : { group, description: '', expires_after_days: null }
  return (
    <FormDrawer<Values> open title={t(tag ? 'tag.edit' : 'tag.add')} initial={initial} saving={add.isPending || change.isPending} problem={add.error ?? change.error} onClose={onClose} onSave={save}>
      {!tag && (
        <Form.Item name="group" label={t('group.title')} rules={[{ required: true }]}>
          <Select showSearch loading={groups.isPending} options={groups.data?.map((one) => ({ value: one.name, label: one.name }))} />
        </Form.Item>
      )}
      <Form.Item name="name" label={t('tag.name')} rules={[{ required: true, whitespace: true, max: 30 }]}><Input maxLength={30} showCount autoFocus /></Form.Item>
      <Form.Item name="expires_after_days" label={t('tag.expiry')} extra={t('tag.expiryHint')}>
        <InputNumber min={1} max={3650} precision={0} suffix={t('tag.days')} style={{ width: '100%' }} />
      </Form.Item>
      {tag && <Form.Item name="position" label={t('tag.position')} extra={t('tag.positionHint')}><InputNumber min={0} max={10_000} precision={0} style={{ width: '100%' }} /></Form.Item>}
      <Form.Item name="description" label={t('description')}><Input.TextArea rows={3} maxLength={200} /></Form.Item>
    </FormDrawer>
  )
}

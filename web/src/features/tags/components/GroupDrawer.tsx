import { Checkbox, Form, Input, Radio, Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { FormDrawer } from '@/design/FormDrawer'
import { useNotice } from '@/design/notice'
import { colours } from '@/design/tokens'

import { groupColours, groupKinds } from '../model'
import { useAddGroup, useChangeGroup } from '../queries'
import type { GroupIn, TagGroup } from '../types'
import styles from './tags.module.css'

type Props = { group?: TagGroup; onClose: () => void; onMade?: (id: string) => void }

export function GroupDrawer({ group, onClose, onMade }: Props) {
  const { t } = useTranslation('tags')
  const { done } = useNotice()
  const [form] = Form.useForm<GroupIn>()
  const add = useAddGroup()
  const change = useChangeGroup()
  const saved = (made: TagGroup) => { done(t('saved')); onMade?.(made.id); onClose() }
  const save = (values: GroupIn) => (group ? change.mutate({ id: group.id, ...values }, { onSuccess: saved }) : add.mutate(values, { onSuccess: saved }))
  const initial: Partial<GroupIn> = group ? { name: group.name, kind: group.kind, is_exclusive: group.is_exclusive, description: group.description, color: group.color } : { kind: 'static', is_exclusive: false, description: '', color: '' }
  return (
    <FormDrawer<GroupIn> open form={form} title={t(group ? 'group.edit' : 'group.add')} initial={initial} saving={add.isPending || change.isPending} problem={add.error ?? change.error} onClose={onClose} onSave={save}>
      <Form.Item name="name" label={t('group.name')} rules={[{ required: true, whitespace: true, max: 30 }]}><Input maxLength={30} showCount autoFocus /></Form.Item>
      <Form.Item name="kind" label={t('group.kind')}>
        <Select options={groupKinds.map((value) => ({ value, label: t(`kinds.${value}`) }))} onChange={(kind) => { if (kind === 'level') form.setFieldValue('is_exclusive', true) }} />
      </Form.Item>
      <Form.Item name="is_exclusive" valuePropName="checked" extra={t('group.exclusiveHint')}><Checkbox>{t('group.exclusive')}</Checkbox></Form.Item>
      <Form.Item name="color" label={t('group.colour')}>
        <Radio.Group options={['', ...groupColours].map((value) => ({ value, label: <><i className={styles.dot} style={{ background: value ? colours[value as 'well'] : colours.inkGhost }} />{t(`colours.${value || 'none'}`)}</> }))} />
      </Form.Item>
      <Form.Item name="description" label={t('description')}><Input.TextArea rows={3} maxLength={200} /></Form.Item>
    </FormDrawer>
  )
}

import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Form, Input, InputNumber, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'

import { FormDrawer } from '@/design/FormDrawer'
import { useNotice } from '@/design/notice'
import { StaffPicker } from '@/features/organization/pickers/StaffPicker'

import { personaKinds } from '../model'
import { useSavePersona } from '../queries'
import type { Persona, PersonaBody } from '../types'
import { FileField } from './FileField'

const blank: PersonaBody = { revision: 1, kind: 'expert', name: '', tone: '', about: '', mix: [], staff_ids: [], accounts: [], avatar_file_id: '', is_active: true }

function Avatar({ value, onChange }: { value?: string; onChange?: (id: string) => void }) {
  return <FileField id={value} onChange={(id) => onChange?.(id)} />
}

/** A persona: who speaks, in what tone, of what, through whom. */
export function PersonaDrawer({ persona, open, onClose }: { persona?: Persona; open: boolean; onClose: () => void }) {
  const { t } = useTranslation('content')
  const { done } = useNotice()
  const save = useSavePersona(persona?.id)
  const { id: _id, materials: _materials, ...given } = persona ?? { id: '', materials: 0, ...blank }
  const send = (values: PersonaBody) =>
    save.mutate({ ...blank, ...values, revision: persona?.revision ?? 1, mix: (values.mix ?? []).filter((one) => one?.topic) }, { onSuccess: () => { done(t('saved')); onClose() } })
  return (
    <FormDrawer<PersonaBody> open={open} title={t(persona ? 'persona.edit' : 'persona.new')} initial={given} saving={save.isPending} problem={save.error} width={560} onClose={onClose} onSave={send}>
      <Form.Item name="name" label={t('persona.name')} rules={[{ required: true, whitespace: true }]}><Input maxLength={80} placeholder={t('persona.nameHint')} /></Form.Item>
      <div className="two">
        <Form.Item name="kind" label={t('persona.kind')}><Select options={personaKinds.map((value) => ({ value, label: t(`personaKinds.${value}`) }))} /></Form.Item>
        <Form.Item name="is_active" label={t('persona.active')} valuePropName="checked"><Switch /></Form.Item>
      </div>
      <Form.Item name="avatar_file_id" label={t('persona.avatar')}><Avatar /></Form.Item>
      <Form.Item name="tone" label={t('persona.tone')}><Input.TextArea autoSize={{ minRows: 2 }} placeholder={t('persona.toneHint')} /></Form.Item>
      <Form.Item name="about" label={t('persona.about')}><Input.TextArea autoSize={{ minRows: 2 }} placeholder={t('persona.aboutHint')} /></Form.Item>
      <Form.Item label={t('persona.mix')} extra={t('persona.mixHint')}>
        <Form.List name="mix">
          {(rows, { add, remove }) => (
            <div className="stack-small">
              {rows.map((row) => (
                <div key={row.key} className="row" style={{ flexWrap: 'nowrap' }}>
                  <Form.Item name={[row.name, 'topic']} noStyle rules={[{ required: true, message: t('persona.topic') }]}><Input placeholder={t('persona.topic')} maxLength={40} /></Form.Item>
                  <Form.Item name={[row.name, 'share']} noStyle><InputNumber min={0} max={100} suffix="%" style={{ width: 110 }} /></Form.Item>
                  <Button type="text" icon={<DeleteOutlined />} aria-label={t('part.remove')} onClick={() => remove(row.name)} />
                </div>
              ))}
              <Button type="dashed" icon={<PlusOutlined />} onClick={() => add({ topic: '', share: 20 })} style={{ justifySelf: 'start' }}>{t('persona.addTopic')}</Button>
            </div>
          )}
        </Form.List>
      </Form.Item>
      <Form.Item name="staff_ids" label={t('persona.staff')}><StaffPicker several width="100%" /></Form.Item>
      <Form.Item name="accounts" label={t('persona.accounts')}><Select mode="tags" placeholder={t('persona.accountsHint')} open={false} /></Form.Item>
    </FormDrawer>
  )
}

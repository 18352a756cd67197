import { MinusCircleOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'

import { FormDrawer } from '@/design/FormDrawer'
import { useNotice } from '@/design/notice'
import { UnitPicker } from '@/features/organization/pickers/UnitPicker'

import { changed, typed } from '../attributes'
import { useChangeMember } from '../queries'
import type { Member } from '../types'

// Personal values are sealed: what a list shows of them is a mask, which must not be written back.
const SEALED = new Set(['name', 'phone', 'email'])

type Values = { home_unit_id?: string; attributes: { name: string; value: string }[] }

export function AttributeDrawer({ member, onClose }: { member: Member; onClose: () => void }) {
  const { t } = useTranslation('people')
  const { done } = useNotice()
  const change = useChangeMember(member.id)
  const editable = member.attributes.filter((each) => !SEALED.has(each.name) && typeof each.value !== 'object')
  const before = editable.map((each) => ({ name: each.name, value: String(each.value) }))
  const save = ({ home_unit_id, attributes }: Values) =>
    change.mutate(
      { attributes: typed(changed(before, attributes)), ...(home_unit_id !== member.home_unit?.id ? { home_unit_id: home_unit_id ?? null } : {}) },
      { onSuccess: () => { done(t('saved')); onClose() } },
    )
  return (
    <FormDrawer<Values> open title={t('attributes.edit')} initial={{ home_unit_id: member.home_unit?.id, attributes: before }} saving={change.isPending} problem={change.error} onClose={onClose} onSave={save}>
      <Form.Item name="home_unit_id" label={t('list.store')}><UnitPicker allowClear /></Form.Item>
      <Form.List name="attributes">
        {(fields, { add, remove }) => (
          <Form.Item label={t('attributes.title')} extra={t('attributes.hint')}>
            <div className="stack-small">
              {fields.map((field) => (
                <div key={field.key} className="row" style={{ flexWrap: 'nowrap' }}>
                  <Form.Item noStyle name={[field.name, 'name']} rules={[{ required: true }]}><Input placeholder={t('attributes.name')} aria-label={t('attributes.name')} disabled={field.name < before.length} /></Form.Item>
                  <Form.Item noStyle name={[field.name, 'value']}><Input placeholder={t('attributes.value')} aria-label={t('attributes.value')} /></Form.Item>
                  {field.name >= before.length && <Button type="text" icon={<MinusCircleOutlined />} aria-label={t('delete')} onClick={() => remove(field.name)} />}
                </div>
              ))}
              <Button icon={<PlusOutlined />} onClick={() => add({ name: '', value: '' })}>{t('attributes.add')}</Button>
            </div>
          </Form.Item>
        )}
      </Form.List>
    </FormDrawer>
  )
}

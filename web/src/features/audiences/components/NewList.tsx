import { Form, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { FormDrawer } from '@/design/FormDrawer'
import { useNotice } from '@/design/notice'

import { identified, listKinds, type ListKind } from '../lists'
import { useMakeList } from '../queries'

type Values = { name: string; kind: ListKind; people: string }

/** An audience of people whom somebody names: a pasted list. */
export function NewList({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('audiences')
  const go = useNavigate()
  const { done } = useNotice()
  const make = useMakeList()
  const [form] = Form.useForm<Values>()
  const people = Form.useWatch('people', form) ?? ''
  const kind = Form.useWatch('kind', form) ?? 'phone'
  const save = (values: Values) =>
    make.mutate({ name: values.name.trim(), ...identified(values.people, values.kind) }, {
      onSuccess: (made) => { done(t('list.made', { held: made.count, unknown: made.unknown })); void go(`/audiences/${made.id}`) },
    })
  const asked = identified(people, kind)
  return (
    <FormDrawer<Values> open form={form} title={t('list.new')} initial={{ kind: 'phone', people: '' }} saving={make.isPending} problem={make.error} submit={t('create')} onClose={onClose} onSave={save}>
      <Form.Item name="name" label={t('fields.name')} rules={[{ required: true, whitespace: true, max: 120 }]}><Input maxLength={120} /></Form.Item>
      <Form.Item name="kind" label={t('list.kind')}><Select options={listKinds.map((value) => ({ value, label: t(`list.kinds.${value}`) }))} /></Form.Item>
      <Form.Item name="people" label={t('list.people')} extra={t('list.found', { found: (asked.member_ids ?? asked.identities ?? []).length })} rules={[{ required: true, whitespace: true }]}>
        <Input.TextArea rows={10} className="mono" placeholder={t('list.peopleHint')} />
      </Form.Item>
    </FormDrawer>
  )
}

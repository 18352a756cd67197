import { DatePicker, Form, Input } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useTranslation } from 'react-i18next'

import { FormDrawer } from '@/design/FormDrawer'
import { useNotice } from '@/design/notice'

import { UnitPicker } from '../pickers/UnitPicker'
import { useAddStaff, useChangeStaff } from '../queries'
import type { Staff, StaffIn } from '../types'

type Values = Omit<StaffIn, 'left_on'> & { left?: Dayjs | null }

export function StaffDrawer({ staff, unit, onClose }: { staff?: Staff; unit?: string; onClose: () => void }) {
  const { t } = useTranslation('organization')
  const { done } = useNotice()
  const add = useAddStaff()
  const change = useChangeStaff()
  const saved = { onSuccess: () => { done(t('saved')); onClose() } }
  const save = ({ code, unit_id, left, phone, ...rest }: Values) => {
    if (staff) change.mutate({ id: staff.id, ...rest, ...(phone ? { phone } : {}), left_on: left ? left.format('YYYY-MM-DD') : null }, saved)
    else add.mutate({ code, unit_id, phone: phone || undefined, ...rest }, saved)
  }
  return (
    <FormDrawer<Values> open title={staff ? staff.name : t('staff.add')} initial={staff ? { name: staff.name, code: staff.code, title: staff.title, wecom_userid: staff.wecom_userid, left: staff.left_on ? dayjs(staff.left_on) : null } : { unit_id: unit }} saving={add.isPending || change.isPending} problem={add.error ?? change.error} onClose={onClose} onSave={save}>
      <Form.Item name="name" label={t('staff.name')} rules={[{ required: true }]}><Input autoFocus /></Form.Item>
      <Form.Item name="code" label={t('staff.code')} rules={[{ required: true }]}><Input disabled={staff !== undefined} /></Form.Item>
      <Form.Item name="title" label={t('staff.jobTitle')}><Input /></Form.Item>
      <Form.Item name="phone" label={t('staff.phone')} extra={staff ? t('staff.phoneHint', { masked: staff.phone_masked ?? '–' }) : undefined}><Input inputMode="tel" /></Form.Item>
      <Form.Item name="wecom_userid" label={t('staff.wecom')}><Input /></Form.Item>
      {staff && <Form.Item name="left" label={t('staff.leftOn')}><DatePicker style={{ width: '100%' }} /></Form.Item>}
      {!staff && <Form.Item name="unit_id" label={t('staff.unit')} rules={[{ required: true }]}><UnitPicker /></Form.Item>}
    </FormDrawer>
  )
}

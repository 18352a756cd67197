import { DatePicker, Form } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useTranslation } from 'react-i18next'

import { FormDrawer } from '@/design/FormDrawer'
import { useNotice } from '@/design/notice'
import { useFormat } from '@/lib/session'

import { UnitPicker } from '../pickers/UnitPicker'
import { useMoveStaff, useMoveUnit } from '../queries'

type Props = { kind: 'unit' | 'staff'; id: string; name: string; from?: string; onClose: () => void }
type Values = { to: string; on: Dayjs }

/** A move takes effect on a day, so that yesterday's figures stay where they were. */
export function MoveDrawer({ kind, id, name, from, onClose }: Props) {
  const { t } = useTranslation('organization')
  const { now } = useFormat()
  const { done } = useNotice()
  const moveUnit = useMoveUnit()
  const moveStaff = useMoveStaff()
  const saved = { onSuccess: () => { done(t('move.done')); onClose() } }
  const save = ({ to, on }: Values) => {
    const effective_on = on.format('YYYY-MM-DD')
    if (kind === 'unit') moveUnit.mutate({ id, parent_id: to, effective_on }, saved)
    else moveStaff.mutate({ id, unit_id: to, effective_on }, saved)
  }
  return (
    <FormDrawer<Values> open title={t('move.title', { name })} initial={{ to: from, on: dayjs(now) }} saving={moveUnit.isPending || moveStaff.isPending} problem={moveUnit.error ?? moveStaff.error} submit={t('move.submit')} onClose={onClose} onSave={save}>
      <Form.Item name="to" label={t('move.to')} rules={[{ required: true }]}><UnitPicker without={kind === 'unit' ? id : undefined} /></Form.Item>
      <Form.Item name="on" label={t('move.on')} extra={t('move.hint')} rules={[{ required: true }]}><DatePicker style={{ width: '100%' }} /></Form.Item>
    </FormDrawer>
  )
}

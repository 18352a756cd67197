import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Form, InputNumber } from 'antd'
import { useTranslation } from 'react-i18next'

import { StaffPicker } from '@/features/organization/pickers/StaffPicker'
import { blankShift, limits, placed, without } from '../model'
import type { Plan } from '../types'
import styles from './codes.module.css'
import { HoursFields } from './HoursFields'

type Props = { plan: Plan; onChange: (plan: Plan) => void; single?: boolean; ofStores?: boolean }

/** Who serves the code: shifts, a daily limit, and who steps in. */
export function PlanFields({ plan, onChange, single, ofStores }: Props) {
  const { t } = useTranslation('codes')
  const shifts = plan.shifts ?? []
  const own = plan.daily_limits ?? {}
  const limited = Object.keys(own)
  const setOwn = (id: string, limit: number | null) => {
    const next = Object.fromEntries(Object.entries(own).filter(([one]) => one !== id))
    onChange({ ...plan, daily_limits: limit === null ? next : { ...next, [id]: limit } })
  }
  return (
    <>
      {!ofStores && shifts.map((shift, place) => (
        <div key={place} className={styles.hours} style={{ marginBottom: 12 }}>
          {shifts.length > 1 && (
            <div className={styles.hoursHead}>
              <strong>{t('plan.shift', { number: place + 1 })}</strong>
              <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t('plan.removeShift')} onClick={() => onChange({ ...plan, shifts: without(shifts, place) })} />
            </div>
          )}
          {single
            ? <StaffPicker width="100%" label={t('plan.staff')} value={shift.staff_ids[0]} onChange={(id) => onChange({ ...plan, shifts: placed(shifts, place, { ...shift, staff_ids: id ? [id] : [] }) })} />
            : <StaffPicker several width="100%" label={t('plan.staff')} value={shift.staff_ids} onChange={(staff_ids) => onChange({ ...plan, shifts: placed(shifts, place, { ...shift, staff_ids }) })} />}
          {!single && <HoursFields value={shift} onChange={(value) => onChange({ ...plan, shifts: placed(shifts, place, value) })} />}
        </div>
      ))}
      {!ofStores && !single && shifts.length < limits.shifts && (
        <Button type="dashed" icon={<PlusOutlined />} onClick={() => onChange({ ...plan, shifts: [...shifts, { ...blankShift(), start: '09:00', end: '21:00' }] })} style={{ marginBottom: 16 }}>{t('plan.addShift')}</Button>
      )}
      {!single && (
        <>
          <Form.Item label={t('plan.limit')} extra={t('plan.limitHint')}>
            <InputNumber min={1} max={1_000_000} precision={0} value={plan.daily_limit ?? null} placeholder={t('plan.noLimit')} onChange={(daily_limit) => onChange({ ...plan, daily_limit: daily_limit ?? null })} style={{ width: 160 }} />
          </Form.Item>
          <Form.Item label={t('plan.ownLimits')}>
            <div className="stack-small">
              <StaffPicker several width="100%" label={t('plan.ownLimitsFor')} value={limited} onChange={(ids) => onChange({ ...plan, daily_limits: Object.fromEntries(ids.map((id) => [id, own[id] ?? plan.daily_limit ?? 50])) })} />
              {limited.map((id) => (
                <div key={id} className="row">
                  <StaffPicker width={200} value={id} disabled />
                  <InputNumber min={1} max={1_000_000} precision={0} value={own[id]} aria-label={t('plan.limit')} onChange={(limit) => setOwn(id, limit)} />
                </div>
              ))}
            </div>
          </Form.Item>
          <Form.Item label={t('plan.backup')} extra={t('plan.backupHint')}>
            <StaffPicker several width="100%" label={t('plan.backup')} value={plan.backup_staff_ids} onChange={(backup_staff_ids) => onChange({ ...plan, backup_staff_ids })} />
          </Form.Item>
        </>
      )}
    </>
  )
}

import { DatePicker, Form, Radio, Select, TimePicker } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'

import { clock, minuteOf, passed, rhythms, timings } from '../model'
import { useCalendars } from '../queries'
import type { CampaignBody, Schedule } from '../types'

/** When a campaign goes, and whose clock counts. */
export function ScheduleFields() {
  const { t } = useTranslation('touches')
  const form = Form.useFormInstance<CampaignBody>()
  const schedule = Form.useWatch('schedule', form) as Schedule | undefined
  const calendars = useCalendars().data?.rows ?? []
  const rhythm = schedule?.rhythm ?? 'now'
  const timing = schedule?.timing ?? 'workspace'
  const needsTime = rhythm !== 'now' || timing !== 'workspace'
  return (
    <>
      <Form.Item name={['schedule', 'rhythm']} label={t('fields.rhythm')}><Radio.Group optionType="button" options={rhythms.map((value) => ({ value, label: t(`rhythms.${value}`) }))} /></Form.Item>
      <div className="two">
        {rhythm === 'once' && <Form.Item name={['schedule', 'on']} label={t('fields.on')} rules={[{ required: true }]}><Day /></Form.Item>}
        {rhythm === 'weekly' && <Form.Item name={['schedule', 'weekdays']} label={t('fields.weekdays')} rules={[{ required: true }]}><Select mode="multiple" options={[0, 1, 2, 3, 4, 5, 6].map((value) => ({ value, label: t(`weekdays.${value}`) }))} /></Form.Item>}
        {rhythm === 'monthly' && <Form.Item name={['schedule', 'month_days']} label={t('fields.monthDays')} tooltip={t('hints.monthDays')} rules={[{ required: true }]}><Select mode="multiple" options={Array.from({ length: 31 }, (_, day) => ({ value: day + 1, label: t('monthDay', { day: day + 1 }) }))} /></Form.Item>}
        {rhythm === 'calendar' && <Form.Item name={['schedule', 'calendar_id']} label={t('fields.calendar')} tooltip={t('hints.calendar')} rules={[{ required: true }]}><Select options={calendars.map((one) => ({ value: one.id, label: one.name }))} /></Form.Item>}
        {needsTime && <Form.Item name={['schedule', 'minute']} label={t('fields.time')}><Time /></Form.Item>}
        {!['now', 'once'].includes(rhythm) && <Form.Item name={['schedule', 'until']} label={t('fields.until')}><Day /></Form.Item>}
        <Form.Item name={['schedule', 'timing']} label={t('fields.timing')} extra={t(`timingWhat.${timing}`)}><Select options={timings.map((value) => ({ value, label: t(`timings.${value}`) }))} /></Form.Item>
        {timing === 'local' && <Form.Item name={['schedule', 'passed']} label={t('fields.passed')}><Select options={passed.map((value) => ({ value, label: t(`passed.${value}`) }))} /></Form.Item>}
      </div>
    </>
  )
}

function Day({ id, value, onChange }: { id?: string; value?: string | null; onChange?: (day: string | null) => void }) {
  return <DatePicker id={id} value={value ? dayjs(value) : null} onChange={(day) => onChange?.(day ? day.format('YYYY-MM-DD') : null)} style={{ width: '100%' }} />
}

/** A minute of the day as a clock. */
export function Time({ id, value, onChange }: { id?: string; value?: number | null; onChange?: (minute: number | null) => void }) {
  return (
    <TimePicker id={id} format="HH:mm" minuteStep={5} needConfirm={false} value={value === null || value === undefined ? null : dayjs(`2026-01-01T${clock(value)}`)} style={{ width: '100%' }}
      onChange={(time) => onChange?.(time ? minuteOf(time.format('HH:mm')) : null)} />
  )
}

import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, DatePicker, Form, Input, Select } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'

import { FormDrawer } from '@/design/FormDrawer'
import { useNotice } from '@/design/notice'

import { useRemoveCalendar, useSaveCalendar } from '../queries'
import type { Calendar, CalendarBody } from '../types'

// The days that Chinese brands keep as member days, unless somebody names others.
const usual = [5, 8, 20, 28]

/** A reusable calendar: days that come each month, and days of one year. */
export function CalendarDrawer({ calendar, onClose }: { calendar?: Calendar; onClose: () => void }) {
  const { t } = useTranslation('touches')
  const { done, refused } = useNotice()
  const save = useSaveCalendar(calendar?.id)
  const remove = useRemoveCalendar()
  const first: CalendarBody = calendar ? { name: calendar.name, nodes: calendar.nodes } : { name: '', nodes: usual.map((day) => ({ name: t('monthDay', { day }), month_day: day })) }
  const submit = (values: CalendarBody) => {
    const nodes = values.nodes.map((node) => ({ name: node.name, month_day: node.month_day ?? null, on: node.month_day ? null : (node.on ?? null) }))
    save.mutate({ name: values.name, nodes, version: calendar?.version }, { onSuccess: () => { done(t('saved')); onClose() } })
  }
  return (
    <FormDrawer<CalendarBody> open title={calendar?.name ?? t('calendar.new')} initial={first} saving={save.isPending} problem={save.error} onClose={onClose} onSave={submit}>
      <p className="soft">{t('calendar.what')}</p>
      <Form.Item name="name" label={t('fields.name')} rules={[{ required: true, whitespace: true }]}><Input maxLength={80} placeholder={t('calendar.example')} /></Form.Item>
      <Form.List name="nodes">
        {(nodes, { add, remove: take }) => (
          <div className="stack-small">
            {nodes.map((node) => (
              <div key={node.key} className="row" style={{ flexWrap: 'nowrap' }}>
                <Form.Item noStyle shouldUpdate>{({ getFieldValue }) => (getFieldValue(['nodes', node.name, 'month_day'])
                  ? <Form.Item noStyle name={[node.name, 'month_day']}><Select aria-label={t('fields.monthDays')} style={{ width: 140, flex: 'none' }} options={Array.from({ length: 31 }, (_, day) => ({ value: day + 1, label: t('everyMonth', { day: day + 1 }) }))} /></Form.Item>
                  : <Form.Item noStyle name={[node.name, 'on']} rules={[{ required: true }]}><Day label={t('fields.on')} /></Form.Item>)}</Form.Item>
                <Form.Item noStyle name={[node.name, 'name']} rules={[{ required: true, whitespace: true }]}><Input maxLength={80} aria-label={t('fields.name')} placeholder={t('calendar.dayExample')} /></Form.Item>
                <Button aria-label={t('remove')} icon={<DeleteOutlined />} disabled={nodes.length === 1} onClick={() => take(node.name)} />
              </div>
            ))}
            <div className="row">
              <Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => add({ name: '', month_day: 1, on: null })}>{t('calendar.addNode')}</Button>
              <Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => add({ name: '', month_day: null, on: null })}>{t('calendar.addDate')}</Button>
            </div>
          </div>
        )}
      </Form.List>
      {calendar && <Button danger type="text" style={{ marginBlockStart: 24 }} onClick={() => remove.mutate(calendar.id, { onSuccess: onClose, onError: refused })}>{t('calendar.remove')}</Button>}
    </FormDrawer>
  )
}

function Day({ value, onChange, label }: { value?: string | null; onChange?: (day: string | null) => void; label: string }) {
  return <DatePicker aria-label={label} value={value ? dayjs(value) : null} onChange={(day) => onChange?.(day ? day.format('YYYY-MM-DD') : null)} style={{ width: 140, flex: 'none' }} />
}

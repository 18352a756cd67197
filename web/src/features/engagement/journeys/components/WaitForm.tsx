import { Checkbox, Form, Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { KindPicker } from '@/features/activity/pickers/KindPicker'

import type { GraphNode } from '../types'
import { LengthInput } from './LengthInput'

type Props = { node: GraphNode; change: (values: Partial<GraphNode>) => void }

/** How long, until when, or until what somebody waits. */
export function WaitForm({ node, change }: Props) {
  const { t } = useTranslation('journeys')
  const clock = <Form.Item label={t('field.clock')} extra={t('clockHint')}><Input type="time" value={String(node.clock ?? '10:00')} onChange={(event) => change({ clock: event.target.value })} style={{ width: 140 }} /></Form.Item>
  switch (node.mode) {
    case 'time':
      return (
        <>
          {clock}
          <Form.Item label={t('field.days')} extra={t('daysHint')}><InputNumber min={0} max={365} precision={0} value={Number(node.days ?? 0)} onChange={(days) => change({ days: days ?? 0 })} /></Form.Item>
          <Form.Item label={t('field.weekdays')}>
            <Select mode="multiple" allowClear placeholder={t('everyDay')} value={(node.weekdays as number[] | undefined) ?? []} onChange={(weekdays: number[]) => change({ weekdays: weekdays.length ? weekdays : undefined })}
              options={[0, 1, 2, 3, 4, 5, 6].map((day) => ({ value: day, label: t(`weekday.${day}`) }))} />
          </Form.Item>
        </>
      )
    case 'event':
      return (
        <>
          <Form.Item label={t('field.event')} required><KindPicker value={String(node.event ?? '') || undefined} onChange={(event) => change({ event: event ?? '' })} /></Form.Item>
          <Form.Item label={t('field.timeout')} extra={t('timeoutHint')}><LengthInput label={t('field.timeout')} value={String(node.timeout)} onChange={(timeout) => change({ timeout })} /></Form.Item>
        </>
      )
    case 'date':
      return (
        <>
          <Form.Item label={t('field.attribute')} required><Input value={String(node.attribute ?? '')} onChange={(event) => change({ attribute: event.target.value })} /></Form.Item>
          <Form.Item label={t('field.offset')} extra={t('offsetHint')}><InputNumber min={-365} max={365} precision={0} value={Number(node.days ?? 0)} onChange={(days) => change({ days: days ?? 0 })} /></Form.Item>
          {clock}
          <Form.Item><Checkbox checked={Boolean(node.is_yearly)} onChange={(event) => change({ is_yearly: event.target.checked || undefined })}>{t('field.yearly')}</Checkbox></Form.Item>
          <Form.Item label={t('field.past')}>
            <Select value={String(node.past)} onChange={(past: string) => change({ past })} options={['exit', 'skip', 'go_on'].map((past) => ({ value: past, label: t(`past.${past}`) }))} />
          </Form.Item>
        </>
      )
    default:
      return <Form.Item label={t('field.for')}><LengthInput label={t('field.for')} value={String(node.for)} onChange={(length) => change({ for: length })} /></Form.Item>
  }
}

import { DatePicker, Form, Input, InputNumber, Select } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useTranslation } from 'react-i18next'

import { FormDrawer } from '@/design/FormDrawer'
import { useNotice } from '@/design/notice'

import { days, hoursFrom, textOf, type Day } from '../hours'
import { UnitPicker } from '../pickers/UnitPicker'
import { useAddUnit, useChangeUnit } from '../queries'
import type { Unit, UnitKind } from '../types'
import { HoursFields } from './HoursFields'

type Values = {
  name: string; code: string; kind: UnitKind; parent_id?: string; address?: string; coordinates?: Unit['coordinates']; longitude?: number; latitude?: number; phone?: string
  closed?: Dayjs | null; hours?: Partial<Record<Day, string>>
}

const kinds: UnitKind[] = ['headquarters', 'region', 'dealer', 'store']

function initialOf(unit: Unit | undefined, parent: string | undefined): Partial<Values> {
  if (!unit) return { kind: 'store', parent_id: parent, coordinates: 'gcj02' }
  return {
    name: unit.name, code: unit.code, coordinates: unit.coordinates, kind: unit.kind, address: unit.address ?? undefined, longitude: unit.longitude ?? undefined, latitude: unit.latitude ?? undefined,
    phone: unit.phone ?? undefined, closed: unit.closed_on ? dayjs(unit.closed_on) : null,
    hours: Object.fromEntries(days.map((day) => [day, textOf(unit.opening_hours?.[day])])),
  }
}

export function UnitDrawer({ unit, parent, onClose }: { unit?: Unit; parent?: string; onClose: () => void }) {
  const { t } = useTranslation('organization')
  const { done } = useNotice()
  const [form] = Form.useForm<Values>()
  const kind = Form.useWatch('kind', form) ?? unit?.kind ?? 'store'
  const add = useAddUnit()
  const change = useChangeUnit()
  const saved = { onSuccess: () => { done(t('saved')); onClose() } }
  const save = ({ closed, hours, kind: chosen, parent_id, ...rest }: Values) => {
    const opening_hours = chosen === 'store' && hours ? hoursFrom(hours) ?? undefined : undefined
    if (unit) change.mutate({ id: unit.id, ...rest, opening_hours, closed_on: closed ? closed.format('YYYY-MM-DD') : null }, saved)
    else add.mutate({ ...rest, kind: chosen, parent_id, opening_hours }, saved)
  }
  return (
    <FormDrawer<Values> open width={560} form={form} title={unit ? unit.name : t('unit.add')} initial={initialOf(unit, parent)} saving={add.isPending || change.isPending} problem={add.error ?? change.error} onClose={onClose} onSave={save}>
      <div className="two" style={{ columnGap: 16, rowGap: 0 }}>
        <Form.Item name="name" label={t('unit.name')} rules={[{ required: true }]}><Input autoFocus /></Form.Item>
        <Form.Item name="code" label={t('unit.code')} rules={[{ required: true }]}><Input disabled={unit !== undefined} /></Form.Item>
        <Form.Item name="kind" label={t('unit.kind')}>
          <Select disabled={unit !== undefined} options={kinds.map((each) => ({ value: each, label: t(`kinds.${each}`) }))} />
        </Form.Item>
        {!unit && <Form.Item name="parent_id" label={t('unit.parent')}><UnitPicker /></Form.Item>}
        <Form.Item name="phone" label={t('unit.phone')}><Input /></Form.Item>
        {unit && <Form.Item name="closed" label={t('unit.closedOn')}><DatePicker style={{ width: '100%' }} /></Form.Item>}
      </div>
      <Form.Item name="address" label={t('unit.address')}><Input /></Form.Item>
      {kind === 'store' && (
        <>
          <div className="two" style={{ columnGap: 16, rowGap: 0 }}>
            <Form.Item name="longitude" label={t('unit.longitude')}><InputNumber min={-180} max={180} style={{ width: '100%' }} controls={false} /></Form.Item>
            <Form.Item name="latitude" label={t('unit.latitude')}><InputNumber min={-90} max={90} style={{ width: '100%' }} controls={false} /></Form.Item>
          </div>
          <Form.Item name="coordinates" label={t('unit.coordinates')}>
            <Select options={(['gcj02', 'wgs84'] as const).map((value) => ({ value, label: t(`coordinates.${value}`) }))} />
          </Form.Item>
          <HoursFields />
        </>
      )}
    </FormDrawer>
  )
}

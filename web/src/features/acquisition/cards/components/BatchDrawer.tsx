import { DatePicker, Form, Input, InputNumber, Radio, Select } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { FormDrawer } from '@/design/FormDrawer'
import { useNotice } from '@/design/notice'

import { toMajor, toMinor } from '../model'
import { useAddBatch, useChangeBatch, useCodeChoice, useDesigns } from '../queries'
import type { Batch } from '../types'

type Values = { name: string; design_id: string; shipped: number; shipped_on?: Dayjs | null; cost?: number; note?: string; way: 'template' | 'own' | 'none'; code?: string }

/** A new batch of a design, or what became known of one: how many went out, when, at what cost. */
export function BatchDrawer({ batch, design, onClose }: { batch?: Batch; design?: string; onClose: () => void }) {
  const { t } = useTranslation('cards')
  const go = useNavigate()
  const { done } = useNotice()
  const [form] = Form.useForm<Values>()
  const way = Form.useWatch('way', form) ?? (batch ? 'own' : 'template')
  const designs = useDesigns()
  const codes = useCodeChoice()
  const add = useAddBatch()
  const change = useChangeBatch(batch?.id ?? '')
  const initial: Partial<Values> = batch
    ? { name: batch.name, shipped: batch.shipped, shipped_on: batch.shipped_on ? dayjs(batch.shipped_on) : null, cost: toMajor(batch.card_cost_minor), note: batch.note, way: batch.code_id ? 'own' : 'none', code: batch.code_id ?? undefined }
    : { design_id: design, shipped: 1000, cost: 0.1, way: 'template' }
  const save = (values: Values) => {
    const common = { name: values.name.trim(), shipped: values.shipped, shipped_on: values.shipped_on?.format('YYYY-MM-DD') ?? null, card_cost_minor: toMinor(values.cost), note: values.note ?? '' }
    const own = values.way === 'own' ? values.code : null
    if (batch) change.mutate({ ...common, code_id: own }, { onSuccess: () => { done(t('saved')); onClose() } })
    else add.mutate({ ...common, design_id: values.design_id, code_id: own, template_code_id: values.way === 'template' ? values.code : null }, { onSuccess: (made) => { done(t('made')); void go(`/cards/batches/${made.id}`) } })
  }
  return (
    <FormDrawer<Values> open form={form} title={batch ? t('editBatch') : t('newBatch')} initial={initial} saving={add.isPending || change.isPending} problem={add.error ?? change.error} submit={batch ? undefined : t('create')} onClose={onClose} onSave={save}>
      <Form.Item name="name" label={t('fields.batch')} rules={[{ required: true, whitespace: true }]}><Input autoFocus maxLength={120} placeholder={t('hints.batch')} /></Form.Item>
      {!batch && <Form.Item name="design_id" label={t('fields.design')} extra={t('hints.design')} rules={[{ required: true }]}><Select loading={designs.isPending} options={designs.rows?.map((each) => ({ value: each.id, label: each.name }))} /></Form.Item>}
      <div className="two">
        <Form.Item name="shipped" label={t('fields.shipped')} rules={[{ required: true }]}><InputNumber min={0} precision={0} style={{ width: '100%' }} /></Form.Item>
        <Form.Item name="shipped_on" label={t('fields.shippedOn')}><DatePicker style={{ width: '100%' }} /></Form.Item>
      </div>
      <Form.Item name="cost" label={t('fields.cardCost')} extra={t('hints.cardCost')}><InputNumber min={0} precision={2} step={0.01} style={{ width: '100%' }} /></Form.Item>
      <Form.Item name="way" label={t('fields.code')} extra={t(`ways.${way}Hint`)}>
        <Radio.Group options={(batch ? ['own', 'none'] : ['template', 'own', 'none']).map((value) => ({ value, label: t(`ways.${value}`) }))} />
      </Form.Item>
      {way !== 'none' && <Form.Item name="code" label={t(`ways.${way}Label`)} rules={[{ required: true }]}><Select loading={codes.isPending} showSearch={{ optionFilterProp: 'label' }} options={codes.data?.map((code) => ({ value: code.id, label: code.name }))} /></Form.Item>}
      <Form.Item name="note" label={t('fields.note')}><Input.TextArea rows={2} maxLength={200} /></Form.Item>
    </FormDrawer>
  )
}

import { Form, Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { FormDrawer } from '@/design/FormDrawer'
import { useNotice } from '@/design/notice'

import { toMajor, toMinor } from '../../cards/model'
import { useCodeChoice } from '../../cards/queries'
import { useAddBatch, useChangeBatch } from '../queries'
import type { Batch } from '../types'

type Values = { name: string; product: string; sku?: string; codes: number; code_id?: string | null; cost?: number; note?: string }

/** A new batch of codes, or the words of one that is there. */
export function BatchDrawer({ batch, onClose }: { batch?: Batch; onClose: () => void }) {
  const { t } = useTranslation('items')
  const go = useNavigate()
  const { done } = useNotice()
  const codes = useCodeChoice()
  const add = useAddBatch()
  const change = useChangeBatch(batch?.id ?? '')
  const initial: Partial<Values> = batch ? { ...batch, cost: toMajor(batch.code_cost_minor) } : { codes: 10_000 }
  const save = ({ cost, codes: many, ...values }: Values) => {
    const common = { name: values.name.trim(), product: values.product.trim(), sku: values.sku ?? '', note: values.note ?? '', code_id: values.code_id ?? null, code_cost_minor: toMinor(cost) }
    if (batch) change.mutate(common, { onSuccess: () => { done(t('saved')); onClose() } })
    else add.mutate({ ...common, codes: many }, { onSuccess: (made) => { done(t('made')); void go(`/item-codes/${made.id}`) } })
  }
  return (
    <FormDrawer<Values> open title={batch ? t('edit') : t('new')} initial={initial} saving={add.isPending || change.isPending} problem={add.error ?? change.error} submit={batch ? undefined : t('create')} onClose={onClose} onSave={save}>
      <Form.Item name="name" label={t('fields.name')} rules={[{ required: true, whitespace: true }]}><Input autoFocus maxLength={120} placeholder={t('hints.name')} /></Form.Item>
      <Form.Item name="product" label={t('fields.product')} extra={t('hints.product')} rules={[{ required: true, whitespace: true }]}><Input maxLength={120} /></Form.Item>
      <div className="two">
        <Form.Item name="sku" label={t('fields.sku')}><Input maxLength={80} /></Form.Item>
        {!batch && <Form.Item name="codes" label={t('fields.codes')} extra={t('hints.codes')} rules={[{ required: true }]}><InputNumber min={1} max={33_554_432} precision={0} style={{ width: '100%' }} /></Form.Item>}
        <Form.Item name="cost" label={t('fields.cost')}><InputNumber min={0} precision={2} step={0.01} style={{ width: '100%' }} /></Form.Item>
      </div>
      <Form.Item name="code_id" label={t('fields.channel')} extra={t('hints.channel')}><Select allowClear loading={codes.isPending} showSearch={{ optionFilterProp: 'label' }} options={codes.data?.map((code) => ({ value: code.id, label: code.name }))} /></Form.Item>
      <Form.Item name="note" label={t('fields.note')}><Input.TextArea rows={2} maxLength={200} /></Form.Item>
    </FormDrawer>
  )
}

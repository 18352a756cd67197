import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Alert, Button, DatePicker, Form, Input, InputNumber, Popconfirm, Select } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useTranslation } from 'react-i18next'

import { useNotice } from '@/design/notice'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { useFormat } from '@/lib/session'

import { toMajor, toMinor } from '../../cards/model'
import { usePublishDraw, useWriteDraw } from '../queries'
import type { Batch, Draw } from '../types'

type Line = { name: string; kind: 'cash' | 'coupon' | 'sample' | 'service' | 'points'; count: number; value: number }
type Values = { name: string; rules: string; budget: number; span: [Dayjs, Dayjs]; prizes: Line[] }
const kinds = ['cash', 'coupon', 'sample', 'service', 'points'] as const

/** The draw of a batch before it is published: prizes with their numbers, from which the odds follow. */
export function DrawForm({ batch, draw, onClose }: { batch: Batch; draw?: Draw; onClose: () => void }) {
  const { t } = useTranslation('items')
  const { count, money, share, now } = useFormat()
  // Of ten million codes a hundred prizes are 0.001 %: one in so many says more.
  const odds = (n: number) => (n && n / batch.codes < 0.001 ? `1 / ${count(Math.round(batch.codes / n))}` : share(n / batch.codes))
  const { done, refused } = useNotice()
  const [form] = Form.useForm<Values>()
  const write = useWriteDraw(batch.id)
  const publish = usePublishDraw()
  const prizes = (Form.useWatch('prizes', form) ?? []).filter((line): line is Line => Boolean(line))
  const won = prizes.reduce((sum, line) => sum + (line.count ?? 0), 0)
  const cost = prizes.reduce((sum, line) => sum + (line.count ?? 0) * toMinor(line.value), 0)
  const budget = toMinor(Form.useWatch('budget', form))
  const initial: Partial<Values> = draw
    ? { ...draw, budget: toMajor(draw.budget_minor), span: [dayjs(draw.starts_at), dayjs(draw.ends_at)], prizes: draw.prizes.map((one) => ({ name: one.name, kind: one.kind, count: one.count, value: toMajor(one.value_minor) })) }
    : { name: t('draw.freshName'), rules: t('draw.freshRules'), budget: 1000, span: [dayjs(now), dayjs(now).add(30, 'day')], prizes: [{ name: t('draw.freshPrize'), kind: 'cash', count: 100, value: 8.8 }] }
  const save = async (values: Values) =>
    write.mutateAsync({
      name: values.name, rules: values.rules ?? '', budget_minor: toMinor(values.budget), starts_at: values.span[0].toISOString(), ends_at: values.span[1].toISOString(),
      prizes: values.prizes.map((line) => ({ name: line.name, kind: line.kind, count: line.count, value_minor: toMinor(line.value) })),
    })
  const keep = (values: Values) => void save(values).then(() => { done(t('saved')); onClose() }, () => undefined)
  const open = () => void form.validateFields().then(save).then((kept) => publish.mutateAsync(kept.id)).then(() => { done(t('draw.published')); onClose() }, (thrown: unknown) => { if (!(thrown as { errorFields?: unknown }).errorFields) refused(thrown) })
  return (
    <Form<Values> form={form} layout="vertical" initialValues={initial} onFinish={keep}>
      <div className="stack">
        <Panel title={t('draw.what')}>
          <div className="two">
            <Form.Item name="name" label={t('draw.name')} rules={[{ required: true }]}><Input maxLength={120} /></Form.Item>
            <Form.Item name="span" label={t('draw.span')} rules={[{ required: true }]}><DatePicker.RangePicker showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" style={{ width: '100%' }} /></Form.Item>
          </div>
          <Form.Item name="rules" label={t('draw.rules')}><Input.TextArea rows={3} maxLength={4000} /></Form.Item>
          <Form.Item name="budget" label={t('draw.budget')} extra={t('draw.budgetHint')} rules={[{ required: true }]}><InputNumber min={0} precision={2} style={{ width: 200 }} /></Form.Item>
        </Panel>
        <Panel title={t('draw.prizes')}>
          <Form.List name="prizes">
            {(fields, { add, remove }) => (
              <div className="stack-small">
                {fields.map((field) => (
                  <div key={field.key} className="row" style={{ alignItems: 'flex-start' }}>
                    <Form.Item name={[field.name, 'name']} rules={[{ required: true, message: t('draw.prizeName') }]} style={{ flex: '2 1 160px', margin: 0 }}><Input placeholder={t('draw.prizeName')} aria-label={t('draw.prizeName')} maxLength={120} /></Form.Item>
                    <Form.Item name={[field.name, 'kind']} style={{ flex: '1 1 110px', margin: 0 }}><Select aria-label={t('draw.kind')} options={kinds.map((value) => ({ value, label: t(`prizeKinds.${value}`) }))} /></Form.Item>
                    <Form.Item name={[field.name, 'count']} rules={[{ required: true, message: t('draw.count') }]} style={{ flex: '1 1 100px', margin: 0 }}><InputNumber min={1} precision={0} placeholder={t('draw.count')} aria-label={t('draw.count')} style={{ width: '100%' }} /></Form.Item>
                    <Form.Item name={[field.name, 'value']} rules={[{ required: true, message: t('draw.value') }]} style={{ flex: '1 1 100px', margin: 0 }}><InputNumber min={0} max={50_000} precision={2} placeholder={t('draw.value')} aria-label={t('draw.value')} style={{ width: '100%' }} /></Form.Item>
                    <span className="num soft" style={{ flex: '0 0 96px', lineHeight: '32px' }}>{odds(prizes[field.name]?.count ?? 0)}</span>
                    <Button type="text" icon={<DeleteOutlined />} aria-label={t('draw.remove')} disabled={fields.length === 1} onClick={() => remove(field.name)} />
                  </div>
                ))}
                <Button type="dashed" icon={<PlusOutlined />} disabled={fields.length >= 20} onClick={() => add({ kind: 'coupon', count: 1, value: 0 })}>{t('draw.addPrize')}</Button>
              </div>
            )}
          </Form.List>
          <Alert style={{ marginTop: 16 }} type={cost > budget || won > batch.codes ? 'error' : 'info'} showIcon title={t('draw.sum', { won: count(won), codes: count(batch.codes), cost: money(cost), budget: money(budget) })} />
        </Panel>
        <ProblemNote problem={write.error} />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button htmlType="submit" loading={write.isPending}>{t('draw.keep')}</Button>
          <Popconfirm title={t('draw.publishSure')} onConfirm={open}><Button type="primary" loading={publish.isPending}>{t('draw.publish')}</Button></Popconfirm>
        </div>
      </div>
    </Form>
  )
}

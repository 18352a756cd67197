import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Form, Input, InputNumber, Radio, Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { FormDrawer } from '@/design/FormDrawer'
import { useNotice } from '@/design/notice'
import { timeZones } from '@/lib/zones'

import { capScopes, channels, silent } from '../model'
import { useSaveRule } from '../queries'
import type { RuleBody } from '../types'
import { AudienceSelect } from './AudienceSelect'
import { Time } from './ScheduleFields'

/** One rule of touching. */
export function RuleDrawer({ id, first, onClose }: { id?: string; first: RuleBody; onClose: () => void }) {
  const { t } = useTranslation('touches')
  const { done } = useNotice()
  const save = useSaveRule(id)
  const [form] = Form.useForm<RuleBody>()
  const submit = (values: RuleBody) =>
    save.mutate({ ...first, ...values, cap: first.kind === 'cap' ? { ...first.cap, ...values.cap } as RuleBody['cap'] : null }, { onSuccess: () => { done(t('saved')); onClose() } })
  return (
    <FormDrawer<RuleBody> open form={form} title={t(`rules.kinds.${first.kind}`)} initial={first} saving={save.isPending} problem={save.error} onClose={onClose} onSave={submit} width={560}>
      <p className="soft">{t(`rules.kindWhat.${first.kind}`)}</p>
      <Form.Item name="name" label={t('fields.name')} rules={[{ required: true, whitespace: true }]}><Input maxLength={80} placeholder={t(`rules.kinds.${first.kind}`)} /></Form.Item>
      {first.kind === 'cap' && <CapFields />}
      {(first.kind === 'quiet' || first.kind === 'law') && <SpanFields />}
      {first.kind === 'law' && <Form.Item name="zones" label={t('rules.zones')} tooltip={t('rules.zonesWhat')}><Select mode="multiple" showSearch options={timeZones().map((value) => ({ value, label: value }))} placeholder={t('rules.everywhere')} /></Form.Item>}
      {first.kind === 'never' && <Form.Item name="audience_id" label={t('fields.audience')} rules={[{ required: true }]}><AudienceSelect /></Form.Item>}
    </FormDrawer>
  )
}

function CapFields() {
  const { t } = useTranslation('touches')
  const form = Form.useFormInstance<RuleBody>()
  const scope = Form.useWatch(['cap', 'scope'], form) as string | undefined
  const isCalendar = Form.useWatch(['cap', 'is_calendar'], form) as boolean | undefined
  return (
    <>
      <Form.Item name={['cap', 'scope']} label={t('rules.scope')}><Radio.Group optionType="button" options={capScopes.map((value) => ({ value, label: t(`rules.scopes.${value}`) }))} /></Form.Item>
      {scope === 'channel' && <Form.Item name={['cap', 'name']} label={t('fields.channel')} rules={[{ required: true }]}><Select options={channels.filter((one) => !silent.includes(one)).map((value) => ({ value, label: t(`channels.${value}`) }))} /></Form.Item>}
      {(scope === 'tag' || scope === 'campaign') && <Form.Item name={['cap', 'name']} label={t(`rules.scopes.${scope}`)} rules={[{ required: true, whitespace: true }]}><Input maxLength={80} /></Form.Item>}
      <div className="two">
        <Form.Item name={['cap', 'times']} label={t('rules.times')} rules={[{ required: true }]}><InputNumber min={1} max={30} style={{ width: '100%' }} /></Form.Item>
        <Form.Item name={['cap', 'length']} label={isCalendar ? t('rules.days') : t('rules.hours')} rules={[{ required: true }]}><InputNumber min={1} max={isCalendar ? 92 : 2208} style={{ width: '100%' }} /></Form.Item>
      </div>
      <Form.Item name={['cap', 'is_calendar']} label={t('rules.window')} extra={t(isCalendar ? 'rules.calendarWhat' : 'rules.rollingWhat')}><Radio.Group optionType="button" options={[{ value: true, label: t('rules.calendar') }, { value: false, label: t('rules.rolling') }]} /></Form.Item>
      <Form.Item name={['cap', 'passed_from']} label={t('rules.passedFrom')} tooltip={t('rules.passedFromWhat')}><InputNumber min={0} max={100} style={{ width: '100%' }} /></Form.Item>
    </>
  )
}

function SpanFields() {
  const { t } = useTranslation('touches')
  return (
    <Form.List name="spans">
      {(spans, { add, remove }) => (
        <div className="stack-small">
          {spans.map((span) => (
            <div key={span.key}>
              <div className="row" style={{ flexWrap: 'nowrap' }}>
                <Form.Item noStyle name={[span.name, 'start']}><Time /></Form.Item>
                <span>–</span>
                <Form.Item noStyle name={[span.name, 'end']}><Time /></Form.Item>
                <Button aria-label={t('remove')} icon={<DeleteOutlined />} disabled={spans.length === 1} onClick={() => remove(span.name)} />
              </div>
              <Form.Item name={[span.name, 'weekdays']} style={{ margin: '8px 0 0' }}><Select mode="multiple" aria-label={t('fields.weekdays')} options={[0, 1, 2, 3, 4, 5, 6].map((value) => ({ value, label: t(`weekdays.${value}`) }))} /></Form.Item>
            </div>
          ))}
          <div><Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => add({ start: 1260, end: 480, weekdays: [0, 1, 2, 3, 4, 5, 6] })}>{t('rules.addSpan')}</Button></div>
          <p className="soft" style={{ margin: '0 0 12px' }}>{t('rules.spanWhat')}</p>
        </div>
      )}
    </Form.List>
  )
}

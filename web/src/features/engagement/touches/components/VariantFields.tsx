import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Form, Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { MaterialPicker } from '@/features/content/pickers/MaterialPicker'

import { letterOf, senderChoices } from '../model'
import type { CampaignBody } from '../types'
import { AudienceSelect } from './AudienceSelect'
import { Time } from './ScheduleFields'

const VARIANTS_MAX = 20

type Props = { chosen: number; onChoose: (place: number) => void }

/** What is said: one material, or several to be compared by content, sender and hour; of moments, what each is worth to whom. */
export function VariantFields({ chosen, onChoose }: Props) {
  const { t } = useTranslation('touches')
  const form = Form.useFormInstance<CampaignBody>()
  const slots = (Form.useWatch('slots', form) as number | undefined) ?? 0
  const needsSender = ['wecom', 'wecom_group', 'moments'].includes((Form.useWatch('channel', form) as string | undefined) ?? '')
  return (
    <Form.List name="variants">
      {(fields, { add, remove }) => (
        <div className="stack-small">
          {fields.map(({ key, name }) => (
            <fieldset key={key} style={{ border: 0, padding: 0, margin: 0 }} onFocus={() => onChoose(name)} data-chosen={chosen === name || undefined}>
              <div className="row" style={{ alignItems: 'flex-end', flexWrap: 'nowrap' }}>
                <Form.Item name={[name, 'name']} label={fields.length > 1 ? t('fields.variant') : undefined} hidden={fields.length === 1} rules={[{ required: true, whitespace: true }]} style={{ width: 96 }}><Input maxLength={40} /></Form.Item>
                <Form.Item name={[name, 'content_id']} label={t('fields.content')} rules={[{ required: true }]} style={{ flex: 1, minWidth: 160 }}><MaterialPicker /></Form.Item>
                {fields.length > 1 && slots === 0 && <Form.Item name={[name, 'weight']} label={t('fields.weight')} style={{ width: 84 }}><InputNumber min={0} max={1000} style={{ width: '100%' }} /></Form.Item>}
                {fields.length > 1 && <Form.Item label=" "><Button aria-label={t('remove')} icon={<DeleteOutlined />} onClick={() => { remove(name); onChoose(0) }} /></Form.Item>}
              </div>
              {fields.length > 1 && slots === 0 && (
                <div className="two">
                  {needsSender && <Form.Item name={[name, 'senders']} label={t('fields.variantSenders')}><Select mode="multiple" placeholder={t('hints.asCampaign')} options={senderChoices.map((value) => ({ value, label: t(`senders.${value}`) }))} /></Form.Item>}
                  <Form.Item name={[name, 'minute']} label={t('fields.variantHour')}><Time /></Form.Item>
                </div>
              )}
              {slots > 0 && <Worths name={name} />}
            </fieldset>
          ))}
          {fields.length < VARIANTS_MAX && (
            <Button icon={<PlusOutlined />} onClick={() => { add({ name: letterOf(fields.length), content_id: '', weight: 1, senders: [], minute: null, worths: [] }); onChoose(fields.length) }}>{slots > 0 ? t('addContent') : t('addVariant')}</Button>
          )}
        </div>
      )}
    </Form.List>
  )
}

function Worths({ name }: { name: number }) {
  const { t } = useTranslation('touches')
  return (
    <Form.List name={[name, 'worths']}>
      {(worths, { add, remove }) => (
        <div className="stack-small" style={{ paddingInlineStart: 16 }}>
          {worths.map((worth) => (
            <div key={worth.key} className="row" style={{ flexWrap: 'nowrap' }}>
              <Form.Item noStyle name={[worth.name, 'audience_id']}><AudienceSelect placeholder={t('hints.everybody')} /></Form.Item>
              <Form.Item noStyle name={[worth.name, 'value']}><InputNumber min={0} max={1_000_000} aria-label={t('fields.worth')} prefix={t('fields.worth')} style={{ width: 160 }} /></Form.Item>
              <Button aria-label={t('remove')} icon={<DeleteOutlined />} onClick={() => remove(worth.name)} />
            </div>
          ))}
          <div><Button size="small" type="dashed" icon={<PlusOutlined />} onClick={() => add({ audience_id: '', value: 10 })}>{t('addWorth')}</Button></div>
        </div>
      )}
    </Form.List>
  )
}

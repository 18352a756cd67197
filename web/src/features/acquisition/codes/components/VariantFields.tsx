import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Dropdown, Form, Input, Segmented, Tag } from 'antd'
import type { TextAreaRef } from 'antd/es/input/TextArea'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'

import { Panel } from '@/design/Panel'

import { blankPart, bytesOf, limits, placed, without } from '../model'
import { useWelcomeFields } from '../queries'
import type { Newness, PartKind, Variant } from '../types'
import styles from './codes.module.css'
import { HoursFields } from './HoursFields'
import { PartFields } from './PartFields'

type Props = {
  variant: Variant; place: number; of: number; chosen: boolean
  onChange: (variant: Variant) => void; onChoose: () => void; onMove: (by: -1 | 1) => void; onRemove: () => void
}

const newnesses: Newness[] = ['anyone', 'new', 'returning']

/** One welcome: for whom, when, the text with its fields, what is attached. */
export function VariantFields({ variant, place, of, chosen, onChange, onChoose, onMove, onRemove }: Props) {
  const { t, i18n } = useTranslation('codes')
  const fields = useWelcomeFields()
  const area = useRef<TextAreaRef>(null)
  const parts = variant.parts ?? []
  const text = variant.text ?? ''
  const size = bytesOf(text)
  const kinds: PartKind[] = ['image', 'link', 'miniprogram', ...(fields.data?.coupons.length ? (['coupon'] as const) : [])]
  const insert = (name: string) => {
    const box = area.current?.resizableTextArea?.textArea
    const at = box?.selectionStart ?? text.length
    onChange({ ...variant, text: `${text.slice(0, at)}{{ ${name} }}${text.slice(box?.selectionEnd ?? at)}` })
    box?.focus()
  }
  const tools = (
    <>
      <Button type="text" size="small" icon={<ArrowUpOutlined />} disabled={place === 0} aria-label={t('welcome.up')} onClick={() => onMove(-1)} />
      <Button type="text" size="small" icon={<ArrowDownOutlined />} disabled={place === of - 1} aria-label={t('welcome.down')} onClick={() => onMove(1)} />
      <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t('welcome.remove')} onClick={onRemove} />
    </>
  )
  return (
    <div onFocusCapture={onChoose}>
      <Panel title={<>{t('welcome.number', { number: place + 1 })} {chosen && of > 1 && <Tag color="processing">{t('welcome.shown')}</Tag>}</>} extra={tools}>
        <Form.Item label={t('welcome.for')}>
          <Segmented value={variant.newness} onChange={(newness) => onChange({ ...variant, newness })} options={newnesses.map((value) => ({ value, label: t(`newness.${value}`) }))} />
        </Form.Item>
        <Form.Item label={t('welcome.when')}><HoursFields value={variant} onChange={onChange} /></Form.Item>
        <Form.Item label={t('welcome.text')} extra={<span className={size > limits.text ? styles.over : undefined}>{t('welcome.bytes', { size, limit: limits.text })}</span>}>
          <Input.TextArea ref={area} aria-label={t('welcome.text')} value={text} autoSize={{ minRows: 3, maxRows: 12 }} onChange={(event) => onChange({ ...variant, text: event.target.value })} />
          <div className={styles.chips} style={{ marginTop: 8 }}>
            {fields.data?.fields.map((field) => (
              <Button key={field.name} size="small" title={`{{ ${field.name} }}`} onClick={() => insert(field.name)}>{i18n.language.startsWith('zh') ? field.zh : field.en}</Button>
            ))}
          </div>
        </Form.Item>
        <div className="stack-small">
          {parts.map((part, index) => (
            <PartFields key={index} part={part} onChange={(next) => onChange({ ...variant, parts: placed(parts, index, next) })} onRemove={() => onChange({ ...variant, parts: without(parts, index) })} />
          ))}
          {parts.length < limits.parts && (
            <Dropdown trigger={['click']} menu={{ items: kinds.map((kind) => ({ key: kind, label: t(`parts.${kind}`) })), onClick: ({ key }) => onChange({ ...variant, parts: [...parts, blankPart(key as PartKind)] }) }}>
              <Button type="dashed" icon={<PlusOutlined />} style={{ justifySelf: 'start' }}>{t('welcome.attach')}</Button>
            </Dropdown>
          )}
        </div>
      </Panel>
    </div>
  )
}

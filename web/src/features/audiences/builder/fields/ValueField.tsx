import { Input, InputNumber, Segmented, Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { durationOf, type Comparison } from '../leaf'
import { DurationField } from './DurationField'
import { InstantField } from './InstantField'

export type ValueKind = 'text' | 'number' | 'boolean' | 'instant' | 'list'
export type ValueChoice = { value: string; label: string }
type Props = { comparison: Comparison; kind: ValueKind; choices?: ValueChoice[]; onChange: (value: unknown) => void }

const toScalar = (text: string, kind: ValueKind): string | number => (kind === 'number' && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text)

/** What is compared with, as fits the operator and the kind of value. */
export function ValueField({ comparison, kind, choices, onChange }: Props) {
  const { t } = useTranslation('audiences')
  const { op, value } = comparison
  const label = t('builder.value')
  const number = (at: number | null | undefined, set: (next: number | null) => void, name = label) => (
    <InputNumber aria-label={name} value={at ?? null} onChange={set} placeholder={name} style={{ width: 104 }} />
  )
  if (op === 'exists' || op === 'missing') return null
  if (op === 'within_last' || op === 'within_next' || op === 'anniversary_within_next')
    return <DurationField label={label} value={value} daysOnly={op === 'anniversary_within_next'} onChange={onChange} />
  if (op === 'before' || op === 'after') return <BorderField value={value} onChange={onChange} />
  if (op === 'between') {
    const [low, high] = Array.isArray(value) ? (value as (number | null)[]) : []
    return (
      <span className="row" style={{ gap: 4 }}>
        {number(low, (next) => onChange([next, high ?? null]), t('builder.low'))}–{number(high, (next) => onChange([low ?? null, next]), t('builder.high'))}
      </span>
    )
  }
  if (op === 'in' || op === 'not_in') {
    const many = Array.isArray(value) ? value : []
    const words = choices?.length ? { mode: 'multiple' as const, options: choices } : { mode: 'tags' as const, open: false, suffixIcon: null, tokenSeparators: [',', '，', '、', ';', '\n'] }
    return (
      <Select {...words} aria-label={label} value={many.map(String)} onChange={(next: string[]) => onChange(next.map((one) => toScalar(one, kind)))}
        showSearch={{ optionFilterProp: 'label' }} placeholder={t('builder.values')} maxTagCount="responsive" popupMatchSelectWidth={240} style={{ minWidth: 200, maxWidth: '100%', flex: '1 1 200px' }} />
    )
  }
  if (kind === 'boolean')
    return <Segmented aria-label={label} value={value === true ? 'yes' : 'no'} onChange={(next) => onChange(next === 'yes')} options={[{ value: 'yes', label: t('yes') }, { value: 'no', label: t('no') }]} />
  if (kind === 'number' || op === 'gt' || op === 'gte' || op === 'lt' || op === 'lte') return number(typeof value === 'number' ? value : null, onChange)
  if (choices?.length)
    return <Select aria-label={label} value={(value as string) || undefined} onChange={onChange} options={choices} showSearch={{ optionFilterProp: 'label' }} placeholder={t('builder.choose')} popupMatchSelectWidth={240} style={{ minWidth: 160 }} />
  return <Input aria-label={label} value={typeof value === 'string' ? value : value === null || value === undefined ? '' : String(value)} onChange={(event) => onChange(event.target.value)} placeholder={label} style={{ width: 150 }} />
}

/** Before or after: so long ago, or an instant. */
function BorderField({ value, onChange }: { value: unknown; onChange: (value: unknown) => void }) {
  const { t } = useTranslation('audiences')
  const isAgo = durationOf(value) !== undefined
  return (
    <>
      <Select aria-label={t('border.label')} value={isAgo ? 'ago' : 'at'} onChange={(next) => onChange(next === 'ago' ? '30d' : new Date().toISOString().slice(0, 10) + 'T00:00:00')}
        options={[{ value: 'ago', label: t('border.ago') }, { value: 'at', label: t('border.at') }]} style={{ width: 96 }} />
      {isAgo ? <DurationField label={t('builder.value')} value={value} onChange={onChange} /> : <InstantField label={t('builder.value')} value={value} onChange={onChange} />}
    </>
  )
}

import { Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { booleanOps, dateOps, instantOps, listOps, numberOps, textOps, valueFor, type Comparison, type Op } from '../leaf'
import { ValueField, type ValueChoice, type ValueKind } from './ValueField'

type Props = {
  value: Comparison | undefined
  onChange: (comparison: Comparison | undefined) => void
  kinds: ValueKind[]
  choices?: ValueChoice[]
  /** Only these operators, where the leaf knows better than the kind. */
  ops?: Op[]
  /** The word for "no comparison", where there may be none. */
  none?: string
}

const fitting: Record<ValueKind, Op[]> = { text: textOps, number: numberOps, boolean: booleanOps, instant: dateOps, list: listOps }

/** The operators that fit what was seen; of nothing seen, those of texts and numbers. */
export function opsFor(kinds: ValueKind[]): Op[] {
  const shown = kinds.length ? kinds : (['text', 'number'] as const)
  return [...new Set(shown.flatMap((kind) => fitting[kind]))]
}

/** An operator and what is compared with. */
export function CompareField({ value, onChange, kinds, choices, ops, none }: Props) {
  const { t } = useTranslation('audiences')
  const shown = [...new Set([...(ops ?? opsFor(kinds)), ...(value ? [value.op] : [])])]
  // A number among values of several kinds is compared as a number.
  const kind: ValueKind = kinds.length === 1 ? (kinds[0] ?? 'text') : typeof value?.value === 'boolean' ? 'boolean' : typeof value?.value === 'number' ? 'number' : (kinds[0] ?? 'text')
  const isDate = kind === 'instant' || ops === instantOps
  const word = (op: Op) => (isDate && (op === 'before' || op === 'after') ? t(`ops.date_${op}`) : kind === 'number' && op === 'is' ? t('ops.equals') : t(`ops.${op}`))
  const options = [...(none === undefined ? [] : [{ value: '', label: none }]), ...shown.map((op) => ({ value: op as string, label: word(op) }))]
  return (
    <>
      <Select aria-label={t('builder.op')} value={value?.op ?? (none === undefined ? undefined : '')} options={options} popupMatchSelectWidth={200} style={{ width: 112 }}
        onChange={(next: string) => onChange(next ? { op: next as Op, value: valueFor(next as Op, value?.value, kind) } : undefined)} />
      {value && <ValueField comparison={value} kind={kind} choices={choices} onChange={(next) => onChange({ op: value.op, value: next })} />}
    </>
  )
}

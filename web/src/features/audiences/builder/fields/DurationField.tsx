import { InputNumber, Select, Space } from 'antd'
import { useTranslation } from 'react-i18next'

import { durationOf, units, type Unit } from '../leaf'

type Props = { value: unknown; onChange: (value: string) => void; label: string; daysOnly?: boolean }

/** "90d" as a number and a unit. */
export function DurationField({ value, onChange, label, daysOnly }: Props) {
  const { t } = useTranslation('audiences')
  const { amount, unit } = durationOf(value) ?? { amount: 30, unit: 'd' as Unit }
  const shown = daysOnly ? (['d'] as const) : units
  return (
    <Space.Compact>
      <InputNumber aria-label={label} min={daysOnly ? 0 : 1} max={36_500} precision={0} value={amount} onChange={(next) => next !== null && onChange(`${next}${unit}`)} style={{ width: 66 }} />
      <Select aria-label={t('window.unit')} value={unit} onChange={(next: Unit) => onChange(`${amount}${next}`)} options={shown.map((each) => ({ value: each, label: t(`units.${each}`) }))} style={{ width: 74 }} />
    </Space.Compact>
  )
}

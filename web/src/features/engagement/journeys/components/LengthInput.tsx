import { InputNumber, Select, Space } from 'antd'
import { useTranslation } from 'react-i18next'

type Props = { value?: string; onChange?: (length: string) => void; label: string }

/** A length of time as it is written in a graph: 3d, 12h, 30m. */
export function LengthInput({ value = '1d', onChange, label }: Props) {
  const { t } = useTranslation('journeys')
  const amount = Number.parseInt(value, 10) || 1
  const unit = value.slice(-1)
  return (
    <Space.Compact>
      <InputNumber min={1} max={999} precision={0} value={amount} aria-label={label} onChange={(next) => onChange?.(`${next ?? 1}${unit}`)} />
      <Select value={unit} aria-label={t('unit')} onChange={(next: string) => onChange?.(`${amount}${next}`)} options={['m', 'h', 'd'].map((one) => ({ value: one, label: t(`unitOf.${one}`) }))} style={{ width: 96 }} />
    </Space.Compact>
  )
}

import { DatePicker } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'

type Props = { from?: string; to?: string; onChange: (from?: string, to?: string) => void; label: string; presets?: { label: string; value: [Dayjs, Dayjs] }[] }

const day = (value: string | undefined) => (value ? dayjs(value) : null)

/** A range of business days, as 2026-03-01 in the URL. */
export function RangeFilter({ from, to, onChange, label, presets }: Props) {
  return (
    <DatePicker.RangePicker
      aria-label={label}
      value={[day(from), day(to)]}
      presets={presets}
      allowEmpty={[true, true]}
      inputReadOnly
      onChange={(range) => onChange(range?.[0]?.format('YYYY-MM-DD'), range?.[1]?.format('YYYY-MM-DD'))}
    />
  )
}

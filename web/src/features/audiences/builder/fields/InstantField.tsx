import { DatePicker } from 'antd'
import dayjs from 'dayjs'

type Props = { value: unknown; onChange: (value: string) => void; label: string }

/** A day and time in the workspace's zone; an instant that names its own zone is shown as that instant of the wall clock written there. */
export function InstantField({ value, onChange, label }: Props) {
  const at = typeof value === 'string' && /^\d{4}-/.test(value) ? dayjs(value.slice(0, 19)) : null
  return (
    <DatePicker
      aria-label={label}
      value={at}
      showTime={{ format: 'HH:mm', defaultValue: dayjs('00:00', 'HH:mm') }}
      format="YYYY-MM-DD HH:mm"
      allowClear={false}
      onChange={(next) => next && onChange(next.format('YYYY-MM-DDTHH:mm:ss'))}
      style={{ width: 178 }}
    />
  )
}

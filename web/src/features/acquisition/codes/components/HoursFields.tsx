import { Checkbox, Segmented, TimePicker } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'

import { everyDay, isAlways } from '../model'
import styles from './codes.module.css'

type Hours = { weekdays?: number[]; start?: string; end?: string }
type Props<T extends Hours> = { value: T; onChange: (value: T) => void }

const clock = (text: string | undefined) => dayjs(`2026-01-01T${text ?? '00:00'}`)

/** Always, or on some days between two times; an end before the start lies on the next day. */
export function HoursFields<T extends Hours>({ value, onChange }: Props<T>) {
  const { t } = useTranslation('codes')
  const names = everyDay.map((day) => t(`weekdays.${day}`))
  const always = isAlways(value)
  const start = value.start ?? '00:00'
  const end = value.end ?? '00:00'
  return (
    <div className="stack-small">
      <Segmented
        value={always ? 'always' : 'some'}
        onChange={(how) => onChange({ ...value, weekdays: everyDay, start: how === 'always' ? '00:00' : '09:00', end: how === 'always' ? '00:00' : '21:00' })}
        options={[{ value: 'always', label: t('hours.always') }, { value: 'some', label: t('hours.some') }]}
        style={{ justifySelf: 'start' }}
      />
      {!always && (
        <>
          <Checkbox.Group className={styles.days} value={value.weekdays} onChange={(days) => onChange({ ...value, weekdays: days as number[] })} options={names.map((label, day) => ({ label, value: day }))} />
          <div className="row">
            <TimePicker.RangePicker
              order={false}
              format="HH:mm"
              minuteStep={5}
              needConfirm={false}
              allowClear={false}
              aria-label={t('hours.some')}
              value={[clock(start), clock(end)]}
              onChange={(range) => range?.[0] && range[1] && onChange({ ...value, start: range[0].format('HH:mm'), end: range[1].format('HH:mm') })}
            />
            {end <= start && <span className="faint">{t('hours.nextDay')}</span>}
          </div>
        </>
      )}
    </div>
  )
}

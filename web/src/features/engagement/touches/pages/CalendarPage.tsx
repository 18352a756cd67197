import { LeftOutlined, PlusOutlined, RightOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { colours } from '@/design/tokens'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { CalendarDrawer } from '../components/CalendarDrawer'
import styles from '../components/touches.module.css'
import { useCalendars, useDeliveries } from '../queries'
import type { Calendar, Delivery } from '../types'

/** The marketing calendar: named days, what went on them, and what will go. */
export function CalendarPage() {
  const { t } = useTranslation('touches')
  const { instant, now } = useFormat()
  const can = useCan()
  const [read, write] = useUrlState()
  const [open, setOpen] = useState<Calendar | 'new'>()
  const calendars = useCalendars()
  const month = dayjs(read('month') ? `${read('month')}-01` : instant(new Date(now).toISOString(), 'day').slice(0, 8) + '01')
  const first = month.subtract((month.day() + 6) % 7, 'day')
  const days = Array.from({ length: 42 }, (_, place) => first.add(place, 'day'))
  const found = useDeliveries(first.subtract(1, 'day').toISOString(), first.add(43, 'day').toISOString())
  const byDay = new Map<string, Delivery[]>()
  for (const one of found.data?.rows ?? []) {
    const day = instant(one.at, 'day')
    byDay.set(day, [...(byDay.get(day) ?? []), one])
  }
  const today = instant(new Date(now).toISOString(), 'day')
  const to = (months: number) => write({ month: month.add(months, 'month').format('YYYY-MM') })
  return (
    <>
      <PageHead title={t('calendar.title')} subtitle={t('calendar.subtitle')} actions={can(permissions.campaignWrite) && <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpen('new')}>{t('calendar.new')}</Button>} />
      <div className="stack">
        <Panel
          title={<span className="row"><Button size="small" aria-label={t('calendar.before')} icon={<LeftOutlined />} onClick={() => to(-1)} /><span className="num">{month.format('YYYY-MM')}</span><Button size="small" aria-label={t('calendar.after')} icon={<RightOutlined />} onClick={() => to(1)} /></span>}
          extra={<span className="row">{calendars.data?.rows.map((one) => <Button key={one.id} size="small" onClick={() => setOpen(one)}>{one.name}</Button>)}</span>}
        >
          <ProblemNote problem={found.error} retry={() => void found.refetch()} />
          <div className={styles.month} data-testid="month">
            {[0, 1, 2, 3, 4, 5, 6].map((day) => <div key={day} className={styles.weekday}><small className="soft">{t(`weekdays.${day}`)}</small></div>)}
            {days.map((day) => {
              const name = day.format('YYYY-MM-DD')
              const here = byDay.get(name) ?? []
              return (
                <div key={name} className={[day.month() === month.month() ? '' : styles.out, name === today ? styles.today : '', here.length === 0 ? styles.blank : ''].join(' ')}>
                  <b className="num">{day.date()}</b>
                  {here.map((one) => <Chip key={`${one.kind}/${one.id}/${one.at}`} one={one} />)}
                </div>
              )
            })}
          </div>
        </Panel>
      </div>
      {open && <CalendarDrawer key={open === 'new' ? 'new' : open.id} calendar={open === 'new' ? undefined : open} onClose={() => setOpen(undefined)} />}
    </>
  )
}

function Chip({ one }: { one: Delivery }) {
  const { t } = useTranslation('touches')
  const { instant, count } = useFormat()
  if (one.kind === 'node') return <span className={styles.chip} style={{ background: colours.amberSoft, color: colours.amber }} title={one.name}>{one.name}</span>
  const words = `${instant(one.at).slice(11)} ${one.name} · ${t(one.is_ahead ? 'peopleAbout' : 'people', { count: one.members, n: count(one.members) })}`
  return <Link to={`/campaigns/${one.id}`} className={`${styles.chip} ${one.is_ahead ? styles.ahead : ''}`} style={{ background: one.is_ahead ? colours.skySoft : colours.wellSoft, color: one.is_ahead ? colours.sky : colours.well }} title={words}>{words}</Link>
}

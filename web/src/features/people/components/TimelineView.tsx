import { Button, Spin } from 'antd'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'

import { Empty } from '@/design/Empty'
import { Mark } from '@/design/Mark'
import { ProblemNote } from '@/design/ProblemNote'
import { KindPicker } from '@/features/activity/pickers/KindPicker'
import type { Page } from '@/lib/pages'
import { useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'
import { named } from '@/lib/words'

import { useTimeline } from '../queries'
import { byDay, brief } from '../timeline'
import type { TimelineEntry } from '../types'
import styles from './lists.module.css'

/** What a member did, newest first; more is read when its end comes into view. */
export function TimelineView({ id, first }: { id: string; first: Page<TimelineEntry> }) {
  const { t } = useTranslation('people')
  const { instant } = useFormat()
  const [read, write] = useUrlState()
  const kind = read('event')
  const timeline = useTimeline(id, kind, first)
  const end = useRef<HTMLDivElement>(null)
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = timeline
  useEffect(() => {
    const element = end.current
    if (!element || !hasNextPage) return
    const watch = new IntersectionObserver(([seen]) => seen?.isIntersecting && !isFetchingNextPage && void fetchNextPage(), { rootMargin: '300px' })
    watch.observe(element)
    return () => watch.disconnect()
  }, [fetchNextPage, hasNextPage, isFetchingNextPage])
  const rows = timeline.data?.pages.flatMap((page) => page.rows)
  return (
    <div data-testid="timeline">
      <KindPicker value={kind} onChange={(event) => write({ event })} />
      <ProblemNote problem={timeline.error} retry={() => void timeline.refetch()} />
      {rows?.length === 0 && <Empty small title={t('timeline.empty')} />}
      {byDay(rows ?? [], (at) => instant(at, 'day')).map(([day, entries]) => (
        <section key={day}>
          <h3 className={styles.day}>{day}</h3>
          {entries.map((entry) => (
            <div key={entry.arrival_no} className={styles.event}>
              <span className={styles.time}>{instant(entry.at).slice(11)}</span>
              <div>
                <div className="row" style={{ gap: 6 }}>
                  <strong>{named(t, 'events', entry.kind)}</strong>
                  {entry.source && <span className="faint">{entry.source}</span>}
                  {entry.is_historical && <Mark>{t('timeline.historical')}</Mark>}
                  {entry.is_late && <Mark tone="warn">{t('timeline.late')}</Mark>}
                  {entry.is_future && <Mark tone="bad">{t('timeline.future')}</Mark>}
                </div>
                <div className={styles.props}>{brief(entry.props).map(([name, value]) => <span key={name}><b>{named(t, 'props', name)}</b>{value}</span>)}</div>
              </div>
            </div>
          ))}
        </section>
      ))}
      <div ref={end} style={{ minHeight: 1, textAlign: 'center', padding: 8 }}>
        {(timeline.isPending || isFetchingNextPage) && <Spin />}
        {hasNextPage && !isFetchingNextPage && <Button type="text" onClick={() => void fetchNextPage()}>{t('loadMore')}</Button>}
      </div>
    </div>
  )
}

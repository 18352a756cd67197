import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { ChartPanel } from '@/design/ChartPanel'
import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { RowCard } from '@/design/RowCard'
import { Stat, Stats } from '@/design/Stat'
import { Waiting } from '@/design/Waiting'
import { useFormat } from '@/lib/session'

import { FunnelPanel } from '../../cards/components/FunnelPanel'
import { rate } from '../../cards/model'
import { useFigures } from '../queries'
import type { Batch, Day, Suspect } from '../types'

/** Scans by day, codes that look copied, and the funnel of whoever added us. */
export function FiguresTab({ batch }: { batch: Batch }) {
  const { t } = useTranslation('items')
  const { count, share, instant } = useFormat()
  const figures = useFigures(batch.id)
  if (figures.error) return <ProblemNote problem={figures.error} retry={() => void figures.refetch()} />
  const known = figures.data
  if (!known) return <Waiting />
  return (
    <div className="stack">
      <Stats columns={5}>
        <Stat label={t('fields.codes')} value={count(batch.codes)} />
        <Stat label={t('scanned')} definition={t('scannedWhat')} value={count(batch.scanned)} note={share(rate(batch.scanned, batch.codes))} />
        <Stat label={t('bound')} definition={t('boundWhat')} value={count(batch.bound)} note={t('membersNote', { count: batch.members })} />
        <Stat label={t('drawn')} value={count(batch.drawn)} />
        <Stat label={t('suspicious')} definition={t('suspiciousWhat')} value={count(batch.suspicious)} note={share(rate(batch.suspicious, batch.scanned))} />
      </Stats>
      <div className="two">
        <Days days={known.days} />
        <FunnelPanel funnel={known.funnel} />
      </div>
      <Panel title={t('suspects')} flush>
        <DataTable<Suspect> size="small" label={t('suspects')} rows={known.suspects} rowKey={(row) => row.code} empty={<Empty small title={t('noSuspects')} hint={t('suspiciousWhat')} />}
          columns={[
            { title: t('code'), render: (_, row) => <span className="mono">{row.code}</span> },
            { title: t('scans'), align: 'right', render: (_, row) => <span className="num">{count(row.scans)}</span> },
            { title: t('others'), align: 'right', render: (_, row) => <span className="num">{count(row.others)}</span> },
            { title: t('firstAt'), render: (_, row) => <span className="num">{instant(row.first_at)}</span> },
            { title: t('lastAt'), render: (_, row) => <span className="num">{instant(row.last_at)}</span> },
          ]}
          card={(row) => <RowCard title={<span className="mono">{row.code}</span>} side={count(row.others)} lines={[`${instant(row.first_at)} → ${instant(row.last_at)}`]} />} />
      </Panel>
    </div>
  )
}

function Days({ days }: { days: Day[] }) {
  const { t } = useTranslation('items')
  const { count } = useFormat()
  const option = useMemo(
    () => ({
      xAxis: { type: 'category', data: days.map((each) => each.day), axisTick: { show: false } },
      yAxis: { type: 'value', minInterval: 1 },
      series: [
        { name: t('scanned'), type: 'bar', data: days.map((each) => each.scanned), barMaxWidth: 22 },
        { name: t('bound'), type: 'bar', data: days.map((each) => each.bound), barMaxWidth: 22 },
      ],
    }),
    [days, t],
  )
  return (
    <ChartPanel<Day> title={t('byDay')} definition={t('byDayWhat')} option={option} rows={days} rowKey="day" height={300}
      columns={[
        { title: t('day'), dataIndex: 'day' },
        { title: t('scanned'), align: 'right', render: (_, each) => count(each.scanned) },
        { title: t('bound'), align: 'right', render: (_, each) => count(each.bound) },
      ]} />
  )
}

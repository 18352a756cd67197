import dayjs from 'dayjs'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { ChartPanel } from '@/design/ChartPanel'
import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { RangeFilter } from '@/design/RangeFilter'
import { Stat, Stats } from '@/design/Stat'
import { Waiting } from '@/design/Waiting'
import { useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { useFigures } from '../queries'
import type { Code, DayFigures, Figures, Share } from '../types'
import { QrBox } from './QrBox'

/** What the code brought between two days. */
export function FiguresTab({ code }: { code: Code }) {
  const { t } = useTranslation('codes')
  const { now } = useFormat()
  const [read, write] = useUrlState()
  const today = dayjs(now)
  const from = read('from') ?? today.subtract(29, 'day').format('YYYY-MM-DD')
  const to = read('to') ?? today.format('YYYY-MM-DD')
  const figures = useFigures(code.id, from, to)
  const known = figures.data
  return (
    <div className="stack">
      <div className="row">
        <RangeFilter label={t('range')} from={from} to={to} onChange={(first, last) => write({ from: first, to: last })}
          presets={[7, 30, 90].map((days) => ({ label: t('lastDays', { days }), value: [today.subtract(days - 1, 'day'), today] }))} />
      </div>
      <ProblemNote problem={figures.error} retry={() => void figures.refetch()} />
      {!known && !figures.error && <Waiting />}
      {known && (
        <>
          <div className="row" style={{ alignItems: 'flex-start', gap: 16, flexWrap: 'wrap' }}>
            {code.kind !== 'link' && code.kind !== 'store' && <QrBox code={code} />}
            <div style={{ flex: '1 1 480px', minWidth: 0 }}><Numbers figures={known} isLink={code.kind === 'link'} /></div>
          </div>
          {(code.kind === 'link' || code.kind === 'store') && <Panel title={t(code.kind === 'link' ? 'address.link' : 'address.store')}><QrBox code={code} /></Panel>}
          <DaysChart days={known.by_day} isLink={code.kind === 'link'} />
          {code.kind !== 'group' && (
            <div className="two">
              <Shares title={t('byStaff')} rows={known.by_staff} />
              <Shares title={t('byStore')} rows={known.by_store} />
            </div>
          )}
        </>
      )}
    </div>
  )
}

function Numbers({ figures, isLink }: { figures: Figures; isLink: boolean }) {
  const { t } = useTranslation('codes')
  const { count, share, money } = useFormat()
  const part = (value: number) => share(figures.added ? value / figures.added : null)
  return (
    <Stats>
      {figures.scans !== null && <Stat label={t(isLink ? 'stats.clicks' : 'stats.scans')} value={count(figures.scans)} definition={t(isLink ? 'stats.clicksHelp' : 'stats.scansHelp')} />}
      <Stat label={t('stats.added')} value={count(figures.added)} note={t('stats.addedNote', { fresh: count(figures.new), again: count(figures.returning) })} definition={t('stats.addedHelp')} />
      <Stat label={t('stats.left')} value={count(figures.left)} note={part(figures.left)} definition={t('stats.leftHelp')} />
      <Stat label={t('stats.staying')} value={count(figures.staying)} note={part(figures.staying)} />
      <Stat label={t('stats.buyers')} value={count(figures.buyers)} note={money(figures.first_orders_minor)} definition={t('stats.buyersHelp')} />
    </Stats>
  )
}

function DaysChart({ days, isLink }: { days: DayFigures[]; isLink: boolean }) {
  const { t } = useTranslation('codes')
  const { count } = useFormat()
  const option = useMemo(() => ({
    xAxis: { type: 'category', data: days.map((day) => day.day.slice(5)), axisTick: { show: false } },
    yAxis: { type: 'value', minInterval: 1 },
    series: [
      { name: t('stats.added'), type: 'bar', data: days.map((day) => day.added), barMaxWidth: 22 },
      { name: t('stats.left'), type: 'line', smooth: 0.2, showSymbol: false, data: days.map((day) => day.left) },
    ],
  }), [days, t])
  return (
    <ChartPanel<DayFigures>
      title={t('byDay')}
      definition={t('byDayHelp')}
      option={option}
      rows={days}
      rowKey="day"
      columns={[
        { title: t('fields.day'), dataIndex: 'day' },
        { title: t(isLink ? 'stats.clicks' : 'stats.scans'), align: 'right', render: (_, day) => count(day.scans) },
        { title: t('stats.added'), align: 'right', render: (_, day) => count(day.added) },
        { title: t('stats.returning'), align: 'right', render: (_, day) => count(day.returning) },
        { title: t('stats.left'), align: 'right', render: (_, day) => count(day.left) },
      ]}
    />
  )
}

function Shares({ title, rows }: { title: string; rows: Share[] }) {
  const { t } = useTranslation('codes')
  const { count } = useFormat()
  return (
    <Panel title={title} flush>
      <DataTable<Share>
        label={title}
        size="small"
        rows={rows}
        rowKey={(row) => row.id}
        empty={<Empty small title={t('nobodyYet')} />}
        columns={[
          { title: t('fields.name'), render: (_, row) => row.name || row.id },
          { title: t('stats.added'), align: 'right', render: (_, row) => count(row.added) },
          { title: t('stats.left'), align: 'right', render: (_, row) => count(row.left) },
        ]}
      />
    </Panel>
  )
}

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { ChartPanel } from '@/design/ChartPanel'

import { behaviourBy, type Behaviour, type BehaviourSum, type Metric } from '../model'
import { useBehaviourWords } from './useBehaviourWords'

/** One number of staff over the days: counts as bars, means as a line. */
export function BehaviourByDay({ rows, metric }: { rows: Behaviour[]; metric: Metric }) {
  const { t } = useTranslation('channels')
  const { columns } = useBehaviourWords()
  const days = useMemo(() => behaviourBy('day', rows, metric), [rows, metric])
  const isMean = metric === 'reply_percentage' || metric === 'reply_minutes'
  const option = useMemo(() => ({
    xAxis: { type: 'category', data: days.map((day) => day.key.slice(5)), axisTick: { show: false } },
    yAxis: { type: 'value', ...(metric === 'reply_percentage' ? { max: 100, axisLabel: { formatter: '{value}%' } } : {}) },
    series: [{ name: t(`staffDays.${metric}`), type: isMean ? 'line' : 'bar', barMaxWidth: 22, smooth: 0.2, showSymbol: days.length < 20, data: days.map((day) => round(day[metric])) }],
  }), [days, metric, isMean, t])
  return (
    <ChartPanel<BehaviourSum> title={t('staffDays.byDay', { metric: t(`staffDays.${metric}`) })} definition={t(`staffDays.what.${metric}`)} option={option} rows={days} rowKey="key" height={240}
      columns={[{ title: t('groups.days.day'), dataIndex: 'key', render: (day: string) => <span className="num">{day}</span> }, ...columns]} />
  )
}

export const round = (value: number | null) => (value === null ? null : Math.round(value * 10) / 10)

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { ChartPanel } from '@/design/ChartPanel'
import { colours } from '@/design/tokens'
import { useFormat } from '@/lib/session'

import { isShare } from '../model'
import type { Report } from '../queries'

type Point = Report['series'][number]

/** The primary outcome's difference day by day, with the interval in which the truth lies. */
export function Curve({ report, primary, arm = 0 }: { report: Report; primary: string; arm?: number }) {
  const { t } = useTranslation('proof')
  const { money, share } = useFormat()
  const points = report.series
  const unit = isShare(primary) ? 100 : 0.01
  const option = useMemo(() => {
    const of = (pick: (one: NonNullable<Point['differences'][number]>) => number) =>
      points.map((point) => (point.differences[arm] ? Math.round(pick(point.differences[arm]) * unit * 100) / 100 : null))
    const quiet = { type: 'line', symbol: 'none', lineStyle: { opacity: 0 }, stack: 'band', stackStrategy: 'all', silent: true, tooltip: { show: false } }
    return {
      xAxis: { type: 'category', data: points.map((point) => point.on), axisTick: { show: false }, axisLine: { onZero: true } },
      yAxis: { type: 'value', axisLabel: { formatter: isShare(primary) ? '{value}%' : '{value}' } },
      legend: { show: false },
      series: [
        { ...quiet, name: t('low'), data: of((one) => one.low) },
        { ...quiet, name: t('high'), data: of((one) => one.high - one.low), areaStyle: { color: colours.wellLine, opacity: 0.35 } },
        { type: 'line', name: t('difference'), data: of((one) => one.value), lineStyle: { color: colours.well, width: 2 }, itemStyle: { color: colours.well }, symbolSize: 6 },
      ],
    }
  }, [points, arm, unit, primary, t])
  const told = (value: number | undefined) => (value === undefined ? '–' : isShare(primary) ? share(value) : money(value, report.currency))
  return (
    <ChartPanel<Point> title={t('curve', { outcome: t(`outcome.${primary}`) })} definition={t('curveWhat')} option={option} rows={points} rowKey="on"
      columns={[
        { title: t('day'), dataIndex: 'on' },
        { title: t('difference'), align: 'right', render: (_, point) => told(point.differences[arm]?.value) },
        { title: t('low'), align: 'right', render: (_, point) => told(point.differences[arm]?.low) },
        { title: t('high'), align: 'right', render: (_, point) => told(point.differences[arm]?.high) },
      ]} />
  )
}

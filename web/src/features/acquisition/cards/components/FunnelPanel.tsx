import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { ChartPanel } from '@/design/ChartPanel'
import { useFormat } from '@/lib/session'

import { steps, type Step } from '../model'
import type { Funnel } from '../types'

/** From the card to the first repurchase, drawn and as a table. */
export function FunnelPanel({ funnel, title }: { funnel: Funnel; title?: string }) {
  const { t } = useTranslation('cards')
  const { count, share } = useFormat()
  const rows = useMemo(() => steps(funnel), [funnel])
  const option = useMemo(
    () => ({
      grid: { left: 8, right: 92, top: 6, bottom: 4, containLabel: true },
      xAxis: { type: 'value', show: false },
      yAxis: { type: 'category', inverse: true, data: rows.map((row) => t(`steps.${row.name}`)), axisTick: { show: false }, axisLine: { show: false } },
      series: [{
        type: 'bar', barMaxWidth: 22, data: rows.map((row) => row.count),
        label: { show: true, position: 'right', formatter: ({ dataIndex }: { dataIndex: number }) => `${count(rows[dataIndex]?.count)}  ${share(rows[dataIndex]?.ofFirst)}` },
        itemStyle: { borderRadius: 4 },
      }],
    }),
    [rows, t, count, share],
  )
  return (
    <ChartPanel<Step>
      title={title ?? t('funnel')}
      definition={t('funnelWhat')}
      option={option}
      rows={rows}
      rowKey="name"
      height={300}
      columns={[
        { title: t('step'), render: (_, row) => t(`steps.${row.name}`) },
        { title: t('people'), align: 'right', render: (_, row) => <span className="num">{count(row.count)}</span> },
        { title: t('ofShipped'), align: 'right', render: (_, row) => <span className="num">{share(row.ofFirst)}</span> },
        { title: t('ofPrevious'), align: 'right', render: (_, row) => <span className="num">{share(row.ofPrevious)}</span> },
      ]}
    />
  )
}

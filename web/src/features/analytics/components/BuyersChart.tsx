import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { ChartPanel } from '@/design/ChartPanel'
import { useFormat } from '@/lib/session'

import type { Week } from '../types'

export function BuyersChart({ weeks, definition }: { weeks: Week[]; definition: string }) {
  const { t } = useTranslation('analytics')
  const { count } = useFormat()
  const option = useMemo(
    () => ({
      xAxis: { type: 'category', data: weeks.map((each) => each.week), axisTick: { show: false } },
      yAxis: { type: 'value', minInterval: 1 },
      series: [
        { name: t('newBuyers'), type: 'bar', stack: 'buyers', data: weeks.map((each) => each.new_buyers), barMaxWidth: 22 },
        { name: t('returningBuyers'), type: 'bar', stack: 'buyers', data: weeks.map((each) => each.returning_buyers), barMaxWidth: 22 },
      ],
    }),
    [weeks, t],
  )
  return (
    <ChartPanel<Week>
      title={t('byWeek')}
      definition={definition}
      option={option}
      rows={weeks}
      rowKey="week"
      columns={[
        { title: t('week'), dataIndex: 'week' },
        { title: t('newBuyers'), align: 'right', render: (_, each) => count(each.new_buyers) },
        { title: t('returningBuyers'), align: 'right', render: (_, each) => count(each.returning_buyers) },
      ]}
    />
  )
}

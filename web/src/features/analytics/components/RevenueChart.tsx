import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { ChartPanel } from '@/design/ChartPanel'
import { major } from '@/lib/format'
import { useFormat, useSession } from '@/lib/session'

import type { Week } from '../types'

export function RevenueChart({ weeks, definition }: { weeks: Week[]; definition: string }) {
  const { t, i18n } = useTranslation('analytics')
  const { count, money } = useFormat()
  const { currency } = useSession().workspace
  const option = useMemo(() => {
    const short = new Intl.NumberFormat(i18n.language, { notation: 'compact' })
    return {
      xAxis: { type: 'category', data: weeks.map((each) => each.week), axisTick: { show: false } },
      yAxis: { type: 'value', axisLabel: { formatter: (value: number) => short.format(value) } },
      series: [{ name: t('revenue'), type: 'line', smooth: 0.2, showSymbol: weeks.length < 20, areaStyle: { opacity: 0.12 }, data: weeks.map((each) => major(each.revenue_minor, currency)) }],
    }
  }, [weeks, t, i18n.language, currency])
  return (
    <ChartPanel<Week>
      title={t('revenueByWeek')}
      definition={definition}
      option={option}
      rows={weeks}
      rowKey="week"
      columns={[
        { title: t('week'), dataIndex: 'week' },
        { title: t('orders'), align: 'right', render: (_, each) => count(each.orders) },
        { title: t('revenue'), align: 'right', render: (_, each) => money(each.revenue_minor) },
      ]}
    />
  )
}

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { ChartPanel } from '@/design/ChartPanel'
import { colours } from '@/design/tokens'
import { useFormat } from '@/lib/session'

import type { Version } from '../types'

/** How many were in the audience after each change, and who came and went. */
export function GrowthChart({ versions }: { versions: Version[] }) {
  const { t } = useTranslation('audiences')
  const { count, instant } = useFormat()
  const option = useMemo(() => {
    const rows = versions.toReversed()
    return {
      xAxis: { type: 'category', data: rows.map((each) => instant(each.computed_at)), axisTick: { show: false } },
      yAxis: [{ type: 'value', minInterval: 1, scale: true }, { type: 'value', minInterval: 1, splitLine: { show: false } }],
      series: [
        { name: t('growth.count'), type: 'line', data: rows.map((each) => each.count), showSymbol: rows.length < 20, areaStyle: { opacity: 0.1 }, color: colours.well },
        { name: t('growth.entered'), type: 'bar', yAxisIndex: 1, stack: 'change', data: rows.map((each, index) => (index === 0 && each.version === 1 ? 0 : each.entered)), color: colours.wellLine, barMaxWidth: 16 },
        { name: t('growth.left'), type: 'bar', yAxisIndex: 1, stack: 'change', data: rows.map((each) => -each.left), color: colours.clay, barMaxWidth: 16 },
      ],
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the formats follow the session, which a page outlives
  }, [versions, t])
  return (
    <ChartPanel<Version>
      title={t('growth.title')}
      definition={t('growth.what')}
      option={option}
      rows={versions}
      rowKey="version"
      columns={[
        { title: t('growth.at'), render: (_, each) => instant(each.computed_at) },
        { title: t('growth.count'), align: 'right', render: (_, each) => count(each.count) },
        { title: t('growth.entered'), align: 'right', render: (_, each) => count(each.entered) },
        { title: t('growth.left'), align: 'right', render: (_, each) => count(each.left) },
      ]}
    />
  )
}

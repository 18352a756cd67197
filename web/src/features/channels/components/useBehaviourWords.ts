import { useTranslation } from 'react-i18next'

import { useFormat } from '@/lib/session'

import { metrics, type BehaviourSum, type Metric } from '../model'

/** Numbers of staff days in words: counts, shares and minutes; and the columns of a table of them. */
export function useBehaviourWords() {
  const { t } = useTranslation('channels')
  const { count, share } = useFormat()
  const said = (metric: Metric, value: number | null) => {
    if (value === null) return '–'
    if (metric === 'reply_percentage') return share(value / 100)
    if (metric === 'reply_minutes') return t('staffDays.minutes', { minutes: value.toFixed(1) })
    return count(value)
  }
  const columns = metrics.map((metric) => ({ title: t(`staffDays.${metric}`), align: 'right' as const, render: (_: unknown, row: BehaviourSum) => said(metric, row[metric]) }))
  return { said, columns }
}

import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { ChartPanel } from '@/design/ChartPanel'

import { behaviourBy, type Behaviour, type BehaviourSum, type Metric } from '../model'
import { useCorpStaff } from '../queries'
import { round } from './BehaviourByDay'
import { StaffName } from './StaffName'
import { useBehaviourWords } from './useBehaviourWords'

const DRAWN = 15
const BAR_PX = 26
const HEIGHT_MIN = 200

/** Who of the staff stands where by one number; the table has everybody. */
export function BehaviourByStaff({ rows, metric, accountId }: { rows: Behaviour[]; metric: Metric; accountId: string }) {
  const { t } = useTranslation('channels')
  const { columns } = useBehaviourWords()
  const staff = useCorpStaff(accountId)
  const sums = useMemo(() => behaviourBy('userid', rows, metric), [rows, metric])
  const option = useMemo(() => {
    const drawn = sums.slice(0, DRAWN).reverse()
    const names = new Map(staff.data?.map((one) => [one.userid, one.name || one.userid]))
    return {
      grid: { left: 8, right: 24, top: 8, bottom: 4, containLabel: true },
      legend: { show: false },
      xAxis: { type: 'value', ...(metric === 'reply_percentage' ? { max: 100, axisLabel: { formatter: '{value}%' } } : {}) },
      yAxis: { type: 'category', data: drawn.map((one) => names.get(one.key) ?? one.key), axisTick: { show: false } },
      series: [{ name: t(`staffDays.${metric}`), type: 'bar', barMaxWidth: 16, data: drawn.map((one) => round(one[metric])), label: { show: true, position: 'right' } }],
    }
  }, [sums, staff.data, metric, t])
  const height = Math.max(HEIGHT_MIN, 40 + Math.min(DRAWN, sums.length) * BAR_PX)
  return (
    <ChartPanel<BehaviourSum> title={t(sums.length > DRAWN ? 'staffDays.byStaffFirst' : 'staffDays.byStaff', { metric: t(`staffDays.${metric}`), count: DRAWN })} definition={t(`staffDays.what.${metric}`)} option={option} rows={sums} rowKey="key" height={height}
      columns={[{ title: t('staff.name'), render: (_, one) => <StaffName accountId={accountId} userid={one.key} /> }, ...columns]} />
  )
}

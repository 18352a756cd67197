import dayjs from 'dayjs'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { ChartPanel } from '@/design/ChartPanel'
import { useFormat } from '@/lib/session'

import { useChatDays } from '../groupQueries'
import { byDay, type DaySum } from '../model'

// The platform counts closed days only, and keeps half a year of them.
const DAYS = 30

/** How groups grow: people who joined and messages, a day at a time. Nothing is drawn before there are days. */
export function ChatStatistics({ accountId, owner }: { accountId?: string; owner?: string }) {
  const { t } = useTranslation('channels')
  const { now } = useFormat()
  const until = dayjs(now).subtract(1, 'day')
  const days = useChatDays(accountId, until.subtract(DAYS - 1, 'day').format('YYYY-MM-DD'), until.format('YYYY-MM-DD'), owner)
  const rows = useMemo(() => byDay(days.data ?? []), [days.data])
  const option = useMemo(() => ({
    xAxis: { type: 'category', data: rows.map((row) => row.day.slice(5)) },
    yAxis: [{ type: 'value' }, { type: 'value', splitLine: { show: false } }],
    series: [
      { type: 'bar', name: t('groups.days.joined'), data: rows.map((row) => row.joined) },
      { type: 'line', name: t('groups.days.messages'), yAxisIndex: 1, showSymbol: false, data: rows.map((row) => row.messages) },
    ],
  }), [rows, t])
  if (rows.length === 0) return null
  return (
    <ChartPanel<DaySum> title={t('groups.days.title')} definition={t('groups.days.what')} option={option} rows={rows} rowKey="day" height={220}
      columns={[
        { title: t('groups.days.day'), dataIndex: 'day' },
        { title: t('groups.days.chats'), dataIndex: 'chats', align: 'right' },
        { title: t('groups.days.joined'), dataIndex: 'joined', align: 'right' },
        { title: t('groups.days.people'), dataIndex: 'people', align: 'right' },
        { title: t('groups.days.messages'), dataIndex: 'messages', align: 'right' },
      ]} />
  )
}

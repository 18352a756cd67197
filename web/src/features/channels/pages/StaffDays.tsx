import { Empty as Nothing, Segmented } from 'antd'
import dayjs from 'dayjs'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Empty } from '@/design/Empty'
import { FilterBar } from '@/design/FilterBar'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { RangeFilter } from '@/design/RangeFilter'
import { Stat, Stats } from '@/design/Stat'
import { Waiting } from '@/design/Waiting'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { useFetchStaffDays, useStaffDays } from '../behaviourQueries'
import { BehaviourByDay } from '../components/BehaviourByDay'
import { BehaviourByStaff } from '../components/BehaviourByStaff'
import { JobButton } from '../components/JobButton'
import { useBehaviourWords } from '../components/useBehaviourWords'
import { metrics, summed, type Metric } from '../model'
import { AccountPicker } from '../pickers/AccountPicker'
import { CorpStaffPicker } from '../pickers/CorpStaffPicker'
import { useAccounts } from '../queries'

const DAYS = 30
// As far back as the platform counts.
const DAYS_MAX = 180

/** How staff talk with customers, as the platform counts it: by day and by member of staff. */
export function StaffDays() {
  const { t } = useTranslation('channels')
  const { now } = useFormat()
  const can = useCan()
  const [read, write] = useUrlState()
  const [metric, setMetric] = useState<Metric>('chats')
  const accounts = useAccounts()
  const accountId = read('account') ?? accounts.data?.find((account) => account.kind === 'wecom')?.id
  const until = dayjs(now).subtract(1, 'day')
  const from = read('from') ?? until.subtract(DAYS - 1, 'day').format('YYYY-MM-DD')
  const to = read('to') ?? until.format('YYYY-MM-DD')
  const filter = { account_id: accountId ?? '', userid: read('userid'), from, to }
  const days = useStaffDays(filter)
  const fetch = useFetchStaffDays()
  const ask = accountId && can(permissions.syncRun) && <JobButton label={t('staffDays.fetch')} start={() => fetch.mutateAsync(filter)} fresh="staff-days" />
  const rows = days.data
  const active = [filter.userid, read('from') ?? read('to'), read('account')].filter(Boolean).length
  return (
    <>
      <PageHead title={t('staffDays.title')} subtitle={t('staffDays.subtitle')} actions={ask} />
      <div className="stack">
        <Panel flush>
          <FilterBar active={active} onClear={() => write({ account: undefined, userid: undefined, from: undefined, to: undefined })}>
            <AccountPicker value={read('account')} onChange={(account) => write({ account, userid: undefined })} />
            <RangeFilter label={t('staffDays.range')} from={from} to={to} onChange={(first, last) => write({ from: first, to: last })}
              presets={[7, DAYS, 90, DAYS_MAX].map((many) => ({ label: t('staffDays.last', { days: many }), value: [until.subtract(many - 1, 'day'), until] }))} />
            <CorpStaffPicker accountId={accountId} value={filter.userid} label={t('staffDays.everybody')} onChange={(userid) => write({ userid })} />
          </FilterBar>
        </Panel>
        <ProblemNote problem={days.error ?? accounts.error} retry={() => void days.refetch()} />
        {!rows && !days.error && !accounts.error && (accounts.data && !accountId ? <Panel><Empty title={t('contacts.empty')} hint={t('staffDays.emptyHint')} /></Panel> : <Waiting />)}
        {rows?.length === 0 && <Panel>{active ? <Nothing style={{ padding: 40 }} description={t('staffDays.noMatch')} /> : <Empty title={t('staffDays.empty')} hint={t('staffDays.emptyHint')} action={ask || undefined} />}</Panel>}
        {rows && rows.length > 0 && (
          <>
            <Totals rows={rows} />
            <div style={{ overflowX: 'auto' }}><Segmented value={metric} onChange={setMetric} options={metrics.map((value) => ({ value, label: t(`staffDays.${value}`) }))} /></div>
            <BehaviourByDay rows={rows} metric={metric} />
            {!filter.userid && <BehaviourByStaff rows={rows} metric={metric} accountId={accountId ?? ''} />}
          </>
        )}
      </div>
    </>
  )
}

function Totals({ rows }: { rows: Parameters<typeof summed>[1] }) {
  const { t } = useTranslation('channels')
  const { said } = useBehaviourWords()
  const total = useMemo(() => summed('', rows), [rows])
  return <Stats>{metrics.map((metric) => <Stat key={metric} label={t(`staffDays.${metric}`)} value={said(metric, total[metric])} definition={t(`staffDays.what.${metric}`)} />)}</Stats>
}

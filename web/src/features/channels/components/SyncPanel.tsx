import { SyncOutlined } from '@ant-design/icons'
import { Button, Progress } from 'antd'
import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Mark, type Tone } from '@/design/Mark'
import { useNotice } from '@/design/notice'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { useStopSync, useSync, useSyncs } from '../queries'
import type { Account, SyncRun } from '../types'

const tones: Record<string, Tone> = { queued: 'plain', running: 'busy', done: 'good', failed: 'bad', cancelled: 'plain', stopped: 'plain' }
const isRunning = (rows: SyncRun[]) => rows.some((run) => !run.finished_at)

/** Walks through all that the corp has; each goes on where it stopped. */
export function SyncPanel({ account }: { account: Account }) {
  const { t } = useTranslation('channels')
  const { instant, count } = useFormat()
  const can = useCan()
  const { done, refused } = useNotice()
  const syncs = useSyncs(account.id, isRunning)
  const sync = useSync()
  const stop = useStopSync()
  const start = can(permissions.syncRun) && (
    <Button size="small" icon={<SyncOutlined />} loading={sync.isPending} onClick={() => sync.mutate(account.id, { onSuccess: () => done(t('sync.asked')), onError: refused })}>{t('sync.now')}</Button>
  )
  const mark = (run: SyncRun) => <Mark tone={tones[run.state]}>{t(`sync.states.${run.state}`, { defaultValue: run.state })}</Mark>
  const end = (run: SyncRun) => !run.finished_at && can(permissions.syncRun) && <Button type="link" size="small" danger onClick={() => stop.mutate(run, { onError: refused })}>{t('sync.stop')}</Button>
  const how = (run: SyncRun) => run.finished_at
    ? <span className="num soft">{t('sync.result', { contacts: count(run.contacts), relations: count(run.relations), changed: count(run.changed) })}</span>
    : <span className="row"><Progress percent={run.total ? Math.floor((run.done / run.total) * 100) : 0} size="small" style={{ width: 140 }} /><span className="num soft">{t('sync.far', { done: count(run.done), total: count(run.total), contacts: count(run.contacts) })}</span></span>
  return (
    <Panel flush title={t('sync.title')} extra={start}>
      <DataTable<SyncRun>
        label={t('sync.title')}
        rows={syncs.data}
        rowKey={(run) => run.id}
        problem={syncs.error}
        retry={() => void syncs.refetch()}
        empty={<Empty small title={t('sync.empty')} hint={t('sync.emptyHint')} />}
        columns={[
          { title: t('sync.started'), render: (_, run) => <span className="num">{instant(run.started_at, 'second')}</span> },
          { title: t('sync.kind'), render: (_, run) => t(`sync.kinds.${run.kind}`, { defaultValue: run.kind }) },
          { title: t('sync.state'), render: (_, run) => mark(run) },
          { title: t('sync.progress'), render: (_, run) => how(run) },
          { title: t('sync.finished'), render: (_, run) => run.finished_at ? <span className="num">{instant(run.finished_at, 'second')}</span> : end(run) },
        ]}
        card={(run) => <RowCard title={instant(run.started_at)} side={mark(run)} lines={[how(run), end(run)]} />}
      />
    </Panel>
  )
}

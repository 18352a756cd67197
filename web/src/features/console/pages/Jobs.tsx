import { Button, Progress, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { FilterBar } from '@/design/FilterBar'
import { Mark, type Tone } from '@/design/Mark'
import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { isEnded } from '@/lib/jobs'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'
import { useUrlState } from '@/lib/url'
import { named } from '@/lib/words'

import { JobFile } from '../components/JobFile'
import { useCancelJob, useJobs } from '../queries'
import type { Job, JobState } from '../types'

const tones: Record<string, Tone> = { queued: 'plain', running: 'busy', done: 'good', failed: 'bad', cancelled: 'plain' }

export function Jobs() {
  const { t, i18n } = useTranslation('console')
  const { instant, count } = useFormat()
  const can = useCan()
  const { refused } = useNotice()
  const [read, write] = useUrlState()
  const state = read('state') as JobState | undefined
  const jobs = useJobs(state)
  const cancel = useCancelJob()
  const mark = (job: Job) => <Mark tone={tones[job.state]}>{named(t, 'jobs.states', job.state)}</Mark>
  const how = (job: Job) => {
    if (job.error) return <span className="soft">{bilingual(job.error, i18n.language) || String(job.error.code)}</span>
    const { done, total, note } = job.progress
    if (job.state === 'running' && total) return <Progress percent={Math.floor((done / total) * 100)} size="small" style={{ width: 160 }} />
    return <span className="soft">{[total ? `${count(done)} / ${count(total)}` : done ? count(done) : '', note].filter(Boolean).join(' · ')}</span>
  }
  const acts = (job: Job) => (
    <>
      <JobFile job={job} />
      {can(permissions.jobCancel) && !isEnded(job) && <Button type="link" size="small" danger onClick={() => cancel.mutate(job.id, { onError: refused })}>{t('jobs.cancel')}</Button>}
    </>
  )
  return (
    <>
      <PageHead title={t('jobs.title')} subtitle={t('jobs.subtitle')} actions={<Button loading={jobs.isRefetching} onClick={() => void jobs.refetch()}>{t('jobs.refresh')}</Button>} />
      <Panel flush>
        <FilterBar active={0} onClear={() => write({ state: undefined })}
          search={<Segmented value={state ?? 'all'} onChange={(value) => write({ state: value === 'all' ? undefined : value })} options={['all', 'queued', 'running', 'done', 'failed'].map((value) => ({ value, label: value === 'all' ? t('all') : t(`jobs.states.${value}`) }))} />} />
        <DataTable<Job>
          label={t('jobs.title')}
          rows={jobs.rows}
          rowKey={(job) => job.id}
          problem={jobs.error}
          retry={() => void jobs.refetch()}
          empty={<Empty title={t('jobs.empty')} hint={t('jobs.emptyHint')} />}
          more={{ has: jobs.hasNextPage, loading: jobs.isFetchingNextPage, load: () => void jobs.fetchNextPage() }}
          columns={[
            { title: t('jobs.kind'), render: (_, job) => <>{named(t, 'jobs.kinds', job.kind)}<div className="mono faint">{job.id}</div></> },
            { title: t('jobs.state'), render: (_, job) => mark(job) },
            { title: t('jobs.progress'), render: (_, job) => how(job) },
            { title: t('jobs.created'), render: (_, job) => <span className="num">{instant(job.created_at, 'second')}</span> },
            { title: t('jobs.finished'), render: (_, job) => <span className="num">{instant(job.finished_at, 'second')}</span> },
            { title: '', align: 'right', render: (_, job) => acts(job) },
          ]}
          card={(job) => <RowCard title={named(t, 'jobs.kinds', job.kind)} side={mark(job)} lines={[how(job), instant(job.created_at), acts(job)]} />}
        />
      </Panel>
    </>
  )
}

import { Button, Popconfirm, Progress } from 'antd'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'

import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { isEnded, percentOf, useJob, type Job } from '@/lib/jobs'
import { useFormat } from '@/lib/session'
import { named } from '@/lib/words'

import { usePropose } from '../queries'

type Props = { jobId: string | undefined; onStart: (jobId: string) => void }

/** Starts the search for likely duplicates and shows how far it is; the job's id stands in the address, so a reload goes on. */
export function ProposePanel({ jobId, onStart }: Props) {
  const { t } = useTranslation('people')
  const { count } = useFormat()
  const cache = useQueryClient()
  const propose = usePropose()
  const job = useJob(jobId)
  const state = job.data?.state
  const isRunning = jobId !== undefined && !job.error && !isEnded(job.data)
  useEffect(() => {
    if (state === 'done') void cache.invalidateQueries({ queryKey: ['people', 'conflicts'] })
  }, [state, cache])
  const start = () => propose.mutate(undefined, { onSuccess: (made) => onStart(made.job_id) })
  const told = (done: Job) => {
    const result = (done.result ?? {}) as { members?: number; proposed?: number; again?: number }
    return t('likely.found', { members: count(result.members ?? 0), proposed: count(result.proposed ?? 0), again: count(result.again ?? 0) })
  }
  return (
    <Panel>
      <div className="stack-small">
        <div className="row" style={{ justifyContent: 'space-between' }}>
          <span className="soft" style={{ flex: '1 1 260px' }}>{t('likely.text')}</span>
          <Popconfirm title={t('likely.sure')} description={t('likely.sureHint')} okText={t('likely.start')} onConfirm={start} styles={{ root: { maxWidth: 320 } }}>
            <Button loading={propose.isPending || isRunning}>{t('likely.start')}</Button>
          </Popconfirm>
        </div>
        {isRunning && <div><Progress percent={percentOf(job.data)} /><span className="soft">{named(t, 'likely.steps', job.data?.progress.note || 'waiting')}</span></div>}
        {job.data && state === 'done' && <span role="status">{told(job.data)}</span>}
        {state === 'cancelled' && <span>{t('likely.cancelled')}</span>}
        {state === 'failed' && <span>{t('likely.failed')}</span>}
        <ProblemNote problem={propose.error ?? job.error} />
      </div>
    </Panel>
  )
}

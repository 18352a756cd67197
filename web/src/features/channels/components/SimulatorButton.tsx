import { ExperimentOutlined } from '@ant-design/icons'
import { Button, Progress } from 'antd'
import { useEffect, useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'

import { useNotice } from '@/design/notice'
import { isEnded, percentOf, useJob } from '@/lib/jobs'
import { bilingual } from '@/lib/text'

import { useSimulator, useSync, useUseSimulator } from '../queries'

/** Starts the simulator of WeChat's platforms beside this server and connects it: everything can be tried without a corp. */
export function SimulatorButton({ type = 'default' }: { type?: 'default' | 'primary' }) {
  const { t, i18n } = useTranslation('channels')
  const { refused } = useNotice()
  const cache = useQueryClient()
  const simulator = useSimulator()
  const use = useUseSimulator()
  const [jobId, setJobId] = useState<string | null>(null)
  const job = useJob(jobId).data
  const ended = isEnded(job)
  const { mutate: sync } = useSync()
  const corp = job?.state === 'done' ? firstOf(job.result) : undefined
  useEffect(() => {
    if (ended) void cache.invalidateQueries({ queryKey: ['channels'] })
  }, [ended, cache])
  // Staff and customers are wanted next: nobody has to know that they are to be fetched.
  useEffect(() => {
    if (corp) sync(corp)
  }, [corp, sync])
  if (simulator.data?.address) {
    return <Button icon={<ExperimentOutlined />} href={`${simulator.data.address}/`} target="_blank" rel="noreferrer">{t('simulator.open')}</Button>
  }
  if (jobId && !ended) return <span className="row" aria-live="polite">{t('simulator.starting')}<Progress percent={percentOf(job)} size="small" style={{ width: 120 }} /></span>
  const failure = job?.error ? bilingual(job.error, i18n.language) : ''
  return (
    <>
      <Button type={type} icon={<ExperimentOutlined />} loading={use.isPending} onClick={() => use.mutate(undefined, { onSuccess: (made) => setJobId(made.job_id), onError: refused })}>{t('simulator.use')}</Button>
      {failure && <span className="soft" role="alert">{failure}</span>}
    </>
  )
}

/** The corp among the accounts that were connected: it is named first. */
function firstOf(result: unknown): string | undefined {
  const accounts = (result as { accounts?: string[] } | null)?.accounts
  return accounts?.[0]
}

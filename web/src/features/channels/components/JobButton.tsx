import { SyncOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Button, Progress } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useNotice } from '@/design/notice'
import { isEnded, percentOf, useJob } from '@/lib/jobs'
import { bilingual } from '@/lib/text'

type Props = { label: string; start: () => Promise<{ job_id: string }>; fresh: string }

/** Starts a job and follows it to its end; then everything asked for under `fresh` is asked for again. */
export function JobButton({ label, start, fresh }: Props) {
  const { t, i18n } = useTranslation('channels')
  const { refused } = useNotice()
  const cache = useQueryClient()
  const [jobId, setJobId] = useState<string | null>(null)
  const job = useJob(jobId).data
  const ended = isEnded(job)
  useEffect(() => {
    if (ended) void cache.invalidateQueries({ queryKey: [fresh] })
  }, [ended, cache, fresh])
  if (jobId !== null && !ended) return <span className="row" aria-live="polite"><span className="soft">{t('fetching')}</span><Progress percent={percentOf(job)} size="small" style={{ width: 120 }} /></span>
  const said = job?.error ? bilingual(job.error, i18n.language) : ended ? t('fetched') : ''
  return (
    <span className="row">
      {said && <span className="soft" role="status">{said}</span>}
      <Button icon={<SyncOutlined />} onClick={() => void start().then((made) => setJobId(made.job_id), refused)}>{label}</Button>
    </span>
  )
}

import { Progress } from 'antd'
import { useTranslation } from 'react-i18next'

import { percentOf, useJob } from '@/lib/jobs'
import { useFormat } from '@/lib/session'

import type { ImportDetail } from '../types'

/** Work on the server: the page may be left. */
export function ProgressStep({ run }: { run: ImportDetail }) {
  const { t } = useTranslation('imports')
  const { count } = useFormat()
  const job = useJob(run.job_id)
  const { done, total, note } = job.data?.progress ?? {}
  return (
    <div style={{ textAlign: 'center', padding: '24px 0' }} aria-live="polite">
      <Progress type="circle" percent={percentOf(job.data)} />
      <p style={{ fontWeight: 600, marginTop: 12 }}>{t(run.state === 'undoing' ? 'progress.undoing' : 'progress.running')}</p>
      <p className="soft num">{[total ? `${count(done)} / ${count(total)}` : '', note].filter(Boolean).join(' · ')}</p>
      <p className="soft">{t('progress.leave')}</p>
    </div>
  )
}

import { Alert, Button, Progress } from 'antd'
import { useTranslation } from 'react-i18next'

import { ProblemNote } from '@/design/ProblemNote'
import { percentOf, type Job } from '@/lib/jobs'
import { bilingual } from '@/lib/text'

/** The dry run at work, or why it could not be done. */
export function CheckingStep({ job, problem, onBack }: { job: Job | undefined; problem: unknown; onBack: () => void }) {
  const { t, i18n } = useTranslation('imports')
  if (job?.state === 'failed' || job?.state === 'cancelled') {
    return (
      <div className="stack">
        <Alert type="error" showIcon title={t('checking.failed')} description={bilingual(job.error ?? {}, i18n.language)} />
        <div><Button onClick={onBack}>{t('report.back')}</Button></div>
      </div>
    )
  }
  return (
    <div style={{ textAlign: 'center', padding: '24px 0' }} aria-live="polite">
      <Progress type="circle" percent={percentOf(job)} />
      <p style={{ fontWeight: 600, marginTop: 12 }}>{t('checking.running')}</p>
      <p className="soft">{job?.progress.note}</p>
      <ProblemNote problem={problem} />
    </div>
  )
}

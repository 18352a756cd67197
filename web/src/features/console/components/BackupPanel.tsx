import { Button, Progress } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { isEnded, percentOf, useJob } from '@/lib/jobs'

import { useBackup } from '../queries'
import { JobFile } from './JobFile'

export function BackupPanel() {
  const { t } = useTranslation('console')
  const backup = useBackup()
  const [id, setId] = useState<string>()
  const job = useJob(id)
  const isRunning = id !== undefined && !isEnded(job.data)
  return (
    <Panel style={{ maxWidth: 640 }}>
      <div className="stack-small">
        <span className="soft">{t('backup.text')}</span>
        <div className="row">
          <Button type="primary" loading={backup.isPending || isRunning} onClick={() => backup.mutate(undefined, { onSuccess: (made) => setId(made.job_id) })}>{t('backup.start')}</Button>
          {job.data?.state === 'done' && <span>{t('backup.done')}<JobFile job={job.data} /></span>}
        </div>
        {isRunning && job.data?.progress.total && <Progress percent={percentOf(job.data)} />}
        {job.data?.state === 'failed' && <span>{t('backup.failed')}</span>}
        <ProblemNote problem={backup.error ?? job.error} />
      </div>
    </Panel>
  )
}

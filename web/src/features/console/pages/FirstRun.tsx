import { ImportOutlined, ShopOutlined, WechatOutlined } from '@ant-design/icons'
import { Alert, Button, Progress } from 'antd'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'

import { PageHead } from '@/design/PageHead'
import { ProblemNote } from '@/design/ProblemNote'
import { isEnded, percentOf, useJob } from '@/lib/jobs'
import { permissions } from '@/lib/permissions'
import { useCan } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { Choice } from '../components/Choice'
import { useFirstRun, useLoadDemo } from '../queries'

export function FirstRun() {
  const { t } = useTranslation('console')
  const can = useCan()
  const go = useNavigate()
  const cache = useQueryClient()
  const [read, write] = useUrlState()
  const first = useFirstRun()
  const load = useLoadDemo()
  // The job's id lives in the URL, so that a reload still shows the bar.
  const jobId = read('job')
  const job = useJob(jobId)
  const isLoading = jobId !== undefined && !isEnded(job.data)
  const start = () => load.mutate(undefined, { onSuccess: (answer) => write({ job: answer.job_id }) })
  const enter = () => void cache.invalidateQueries().then(() => go('/overview'))
  return (
    <>
      <PageHead title={t('first.title')} subtitle={t('first.subtitle')} />
      <ProblemNote problem={first.error} />
      {first.data && !first.data.is_empty && !jobId && <Alert showIcon type="info" style={{ marginBottom: 16 }} title={t('first.hasData')} action={<Button size="small" onClick={enter}>{t('first.enter')}</Button>} />}
      <div className="two" style={{ maxWidth: 1200, gridTemplateColumns: 'repeat(auto-fit, minmax(280px, 1fr))' }}>
        {can(permissions.demo) && (
          <Choice icon={<ShopOutlined />} title={t('first.demo')} text={t('first.demoText')}>
            {isLoading && (
              <div data-testid="demo-progress">
                <Progress percent={percentOf(job.data)} />
                <span className="soft">{job.data?.progress.note || t('first.demoStarting')}</span>
              </div>
            )}
            {job.data?.state === 'done' && <Button type="primary" onClick={enter}>{t('first.enter')}</Button>}
            {job.data?.state === 'failed' && <Alert type="error" showIcon title={t('first.demoFailed')} />}
            {!isLoading && job.data?.state !== 'done' && <Button type="primary" loading={load.isPending} onClick={start}>{t('first.demoStart')}</Button>}
            <ProblemNote problem={load.error} />
          </Choice>
        )}
        {can(permissions.importWrite) && (
          <Choice icon={<ImportOutlined />} title={t('first.import')} text={t('first.importText')}>
            <Link to="/imports/new?kind=orders"><Button>{t('first.importStart')}</Button></Link>
          </Choice>
        )}
        {can(permissions.accounts) && (
          <Choice icon={<WechatOutlined />} title={t('first.wecom')} text={t('first.wecomText')}>
            <Link to="/accounts"><Button>{t('first.wecomStart')}</Button></Link>
          </Choice>
        )}
      </div>
    </>
  )
}

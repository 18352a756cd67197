import { DownloadOutlined, UndoOutlined, UploadOutlined } from '@ant-design/icons'
import { Alert, App, Button, Upload } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'

import { saveFile } from '@/api/transfer'
import { useNotice } from '@/design/notice'
import { ProblemNote } from '@/design/ProblemNote'
import { Stat, Stats } from '@/design/Stat'
import { useJob } from '@/lib/jobs'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'

import { useRejectsAgain, useUndo } from '../queries'
import type { ImportDetail, Report } from '../types'
import { MoneyTable } from './MoneyTable'
import { ReasonTable } from './ReasonTable'

const seen: Record<string, string> = { orders: '/orders', members: '/members', events: '/events', units: '/organization', staff: '/staff' }

export function ResultStep({ run }: { run: ImportDetail }) {
  const { t, i18n } = useTranslation('imports')
  const { count } = useFormat()
  const can = useCan()
  const { modal } = App.useApp()
  const { refused } = useNotice()
  const go = useNavigate()
  const undo = useUndo(run.id)
  const again = useRejectsAgain(run.id)
  const job = useJob(run.state === 'failed' ? run.job_id : undefined)
  const ask = () => modal.confirm({ title: t('result.undoTitle'), content: t('result.undoHint'), okText: t('result.undo'), okButtonProps: { danger: true }, onOk: () => undo.mutateAsync(undefined).catch(refused) })
  const report = run.report as Report | null
  const [good, bad] = [report?.accepted ?? 0, report?.rejected ?? 0]
  const tone = run.state === 'failed' ? 'error' : run.state === 'undone' ? 'info' : bad > 0 ? 'warning' : 'success'
  return (
    <div className="stack" data-testid="import-result">
      <Alert type={tone} showIcon title={t(`result.${run.state}`, { good: count(good), bad: count(bad) })} description={run.state === 'failed' ? bilingual(job.data?.error ?? {}, i18n.language) : undefined} />
      <Stats>
        <Stat label={t('report.rows')} value={count(report?.rows)} />
        <Stat label={t('accepted')} value={count(good)} />
        <Stat label={t('rejected')} value={count(bad)} />
        <Stat label={t('report.created')} value={count(report?.created)} />
        <Stat label={t('report.updated')} value={count(report?.updated)} />
      </Stats>
      <MoneyTable rows={report?.money ?? []} />
      <ReasonTable reasons={report?.reasons ?? []} />
      <ProblemNote problem={undo.error} />
      <div className="row">
        {seen[run.kind] && run.state === 'done' && <Link to={seen[run.kind] ?? '/'}><Button type="primary">{t('result.look')}</Button></Link>}
        {run.has_rejects && can(permissions.rejects) && <Button icon={<DownloadOutlined />} onClick={() => void saveFile(`/api/imports/${run.id}/rejects`, `${run.name}.rejects.csv`).catch(refused)}>{t('result.rejects')}</Button>}
        {run.has_rejects && can(permissions.importWrite) && (
          <Upload showUploadList={false} beforeUpload={(file) => { again.mutate(file, { onSuccess: (made) => void go(`/imports/${made.id}`), onError: refused }); return false }}>
            <Button icon={<UploadOutlined />} loading={again.isPending} title={t('result.mendedHint')}>{t('result.mended')}</Button>
          </Upload>
        )}
        {can(permissions.importWrite) && run.state === 'done' && <Button danger icon={<UndoOutlined />} onClick={ask}>{t('result.undo')}</Button>}
        <Link to={`/imports/new?kind=${run.kind}`}><Button>{t('result.again')}</Button></Link>
      </div>
    </div>
  )
}

import { DownloadOutlined, UndoOutlined } from '@ant-design/icons'
import { Alert, App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { saveFile } from '@/api/transfer'
import { useNotice } from '@/design/notice'
import { ProblemNote } from '@/design/ProblemNote'
import { Stat, Stats } from '@/design/Stat'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'

import { useUndo } from '../queries'
import type { ImportDetail } from '../types'
import { ReasonTable } from './ReasonTable'

const seen: Record<string, string> = { orders: '/orders', members: '/members', events: '/events', stores: '/stores', staff: '/staff' }

export function ResultStep({ run }: { run: ImportDetail }) {
  const { t, i18n } = useTranslation('imports')
  const { count } = useFormat()
  const can = useCan()
  const { modal } = App.useApp()
  const { refused } = useNotice()
  const undo = useUndo(run.id)
  const ask = () => modal.confirm({ title: t('result.undoTitle'), content: t('result.undoHint'), okText: t('result.undo'), okButtonProps: { danger: true }, onOk: () => undo.mutateAsync(undefined).catch(refused) })
  const tone = run.state === 'failed' ? 'error' : run.state === 'undone' ? 'info' : run.rejected > 0 ? 'warning' : 'success'
  return (
    <div className="stack" data-testid="import-result">
      <Alert type={tone} showIcon title={t(`result.${run.state}`, { good: count(run.accepted), bad: count(run.rejected), defaultValue: run.state })} description={run.error ? bilingual(run.error, i18n.language) : undefined} />
      <Stats>
        <Stat label={t('report.rows')} value={count(run.rows_done)} />
        <Stat label={t('accepted')} value={count(run.accepted)} />
        <Stat label={t('rejected')} value={count(run.rejected)} />
        <Stat label={t('report.created')} value={count(run.report?.created)} />
        <Stat label={t('report.updated')} value={count(run.report?.updated)} />
      </Stats>
      <ReasonTable reasons={run.report?.reasons ?? []} />
      <ProblemNote problem={undo.error} />
      <div className="row">
        {seen[run.kind] && run.state === 'finished' && <Link to={seen[run.kind] ?? '/'}><Button type="primary">{t('result.look')}</Button></Link>}
        {run.rejected > 0 && <Button icon={<DownloadOutlined />} onClick={() => void saveFile(`/api/imports/${run.id}/rejects`, `${run.name}.rejects.csv`).catch(refused)}>{t('result.rejects')}</Button>}
        {can(permissions.importWrite) && run.state === 'finished' && <Button danger icon={<UndoOutlined />} onClick={ask}>{t('result.undo')}</Button>}
        <Link to={`/imports/new?kind=${run.kind}`}><Button>{t('result.again')}</Button></Link>
      </div>
    </div>
  )
}

import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'

import { ProblemNote } from '@/design/ProblemNote'
import { Stat, Stats } from '@/design/Stat'
import { useFormat } from '@/lib/session'

import type { Report } from '../types'
import { MoneyTable } from './MoneyTable'
import { ReasonTable } from './ReasonTable'

type Props = { report: Report; starting: boolean; problem: unknown; onBack: () => void; onStart: () => void }

/** What the import would do, before anything is written. */
export function ReportStep({ report, starting, problem, onBack, onStart }: Props) {
  const { t } = useTranslation('imports')
  const { count } = useFormat()
  return (
    <div className="stack" data-testid="dry-run">
      <Alert type={report.rejected === 0 ? 'success' : report.accepted === 0 ? 'error' : 'warning'} showIcon title={t(report.rejected === 0 ? 'report.clean' : report.accepted === 0 ? 'report.nothing' : 'report.some', { good: count(report.accepted), bad: count(report.rejected) })} description={t('report.hint')} />
      <Stats>
        <Stat label={t('report.rows')} value={count(report.rows)} />
        <Stat label={t('accepted')} value={count(report.accepted)} />
        <Stat label={t('rejected')} value={count(report.rejected)} />
        {report.created + report.updated > 0 && <Stat label={t('report.created')} value={count(report.created)} />}
        {report.created + report.updated > 0 && <Stat label={t('report.updated')} value={count(report.updated)} />}
      </Stats>
      <MoneyTable rows={report.money} />
      <ReasonTable reasons={report.reasons} />
      <ProblemNote problem={problem} />
      <div className="row">
        <Button type="primary" loading={starting} disabled={report.accepted === 0} onClick={onStart}>{t('report.start')}</Button>
        <Button onClick={onBack}>{t('report.back')}</Button>
      </div>
    </div>
  )
}

import { Alert, Button, Popconfirm } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'

import { Facts } from '@/design/Facts'
import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { Stat, Stats } from '@/design/Stat'
import { Waiting } from '@/design/Waiting'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { Curve } from '../components/Curve'
import { Outcomes } from '../components/Outcomes'
import { Verdict } from '../components/Verdict'
import { originPath } from '../model'
import { useEndExperiment, useExperiment, useReport, type Experiment, type Report } from '../queries'

/** What one experiment has shown, and what stands in the way of believing it. */
export function ExperimentPage() {
  const { id = '' } = useParams()
  const { t } = useTranslation('proof')
  const experiment = useExperiment(id)
  const report = useReport(id)
  if (experiment.error) return <ProblemNote problem={experiment.error} retry={() => void experiment.refetch()} />
  if (!experiment.data) return <Waiting />
  const origin = originPath(experiment.data)
  return (
    <>
      <PageHead title={experiment.data.name} subtitle={t('reportSubtitle')} back={{ to: '/experiments', label: t('experiments') }}
        actions={<>{origin && <Link to={origin}><Button>{t(`open.${experiment.data.origin_kind}`)}</Button></Link>}<End experiment={experiment.data} /></>} />
      <ProblemNote problem={report.error} retry={() => void report.refetch()} />
      {report.isPending && <Waiting />}
      {report.data && <Body experiment={experiment.data} report={report.data} />}
    </>
  )
}

function Body({ experiment, report }: { experiment: Experiment; report: Report }) {
  const { t } = useTranslation('proof')
  const { count, share, instant, money } = useFormat()
  const primary = experiment.terms.primary
  const arm = (place: number) => (place === 0 ? t('control') : report.arms[place]?.label || t('treated'))
  return (
    <div className="stack">
      {report.is_blocked && <Alert type="error" showIcon title={t('blocked')} description={t('blockedWhat', { p: report.balance_p.toPrecision(2) })} />}
      {report.leaks > 0 && <Alert type="error" showIcon title={t('leaks', { count: report.leaks })} description={t('leaksWhat')} />}
      {experiment.control_basis_points === 0 && <Alert type="info" showIcon title={t('noControl')} />}
      <Verdict experiment={experiment} report={report} />
      <Stats columns={5}>
        {report.arms.slice(0, 3).map((one, place) => (
          <Stat key={place} label={arm(place)} value={count(one.units)} note={t('expected', { count: count(Math.round(one.expected)) })} definition={t('unitsWhat')} />
        ))}
        <Stat label={t('balance')} value={report.balance_p < 0.001 ? '< 0.001' : report.balance_p.toFixed(3)} definition={t('balanceWhat')} />
        <Stat label={t('leaksTitle')} value={count(report.leaks)} definition={t('leaksWhat')} />
      </Stats>
      <Outcomes report={report} />
      {experiment.arms.length > 1 && experiment.control_basis_points > 0 && !report.is_blocked && <Curve report={report} primary={primary} />}
      <Panel title={t('declared')}>
        <Facts columns={2} facts={[
          { label: t('primary'), value: t(`outcome.${primary}`) },
          { label: t('window'), value: t('days', { count: experiment.terms.window_days }) },
          { label: t('controlShare'), value: share(experiment.control_basis_points / 10_000) },
          { label: t('looks'), value: experiment.terms.is_any_day ? t('anyDay') : t('oneLook') },
          { label: t('cap'), value: experiment.terms.cap_minor ? money(experiment.terms.cap_minor, report.currency) : t('noCap') },
          { label: t('matures'), value: report.is_matured ? t('matured') : instant(report.matures_at) },
          { label: t('crossed'), value: count(report.crossed) },
          report.cost_known_share !== null && report.cost_known_share !== undefined && { label: t('costKnown'), value: share(report.cost_known_share) },
          { label: t('started'), value: instant(experiment.started_at) },
          { label: t('endedAt'), value: experiment.ended_at ? instant(experiment.ended_at) : t('running') },
        ]} />
      </Panel>
    </div>
  )
}

function End({ experiment }: { experiment: Experiment }) {
  const { t } = useTranslation('proof')
  const can = useCan()
  const notice = useNotice()
  const end = useEndExperiment()
  if (experiment.ended_at || experiment.origin_kind === 'workspace' || !can(permissions.proofWrite)) return null
  const run = () => end.mutate(experiment.id, { onSuccess: () => notice.done(t('endDone')), onError: notice.refused })
  return (
    <Popconfirm title={t('endSure')} description={t('endWhat')} onConfirm={run} okButtonProps={{ danger: true }}>
      <Button danger loading={end.isPending}>{t('end')}</Button>
    </Popconfirm>
  )
}

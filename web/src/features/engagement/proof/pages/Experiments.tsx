import { Tabs } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Mark } from '@/design/Mark'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { useExperiments, type Experiment } from '../queries'

/** Everything that leaves somebody alone to see what it does for the others. */
export function Experiments() {
  const { t } = useTranslation('proof')
  const [read, write] = useUrlState()
  const state = read('state') === 'ended' ? 'ended' : 'running'
  return (
    <>
      <PageHead title={t('experiments')} subtitle={t('experimentsSubtitle')} />
      <Tabs activeKey={state} onChange={(key) => write({ state: key === 'running' ? undefined : key })} destroyOnHidden
        items={(['running', 'ended'] as const).map((key) => ({ key, label: t(key), children: <List state={key} /> }))} />
    </>
  )
}

function List({ state }: { state: 'running' | 'ended' }) {
  const { t } = useTranslation('proof')
  const { count, share, instant } = useFormat()
  const go = useNavigate()
  const found = useExperiments(state)
  const units = (one: Experiment) => one.arms.reduce((sum, arm) => sum + arm.units, 0)
  const kind = (one: Experiment) => <Mark tone={one.origin_kind === 'workspace' ? 'busy' : 'plain'}>{t(`kind.${one.origin_kind}`)}</Mark>
  // Without a control and with one way only there is nothing to compare with.
  const control = (one: Experiment) => (one.control_basis_points > 0 ? <span className="num">{share(one.control_basis_points / 10_000)}</span> : <span className="faint">{t('controlNone')}</span>)
  const revision = (one: Experiment) => (one.revision > 1 ? ` · ${t('revision', { count: one.revision })}` : '')
  return (
    <Panel flush>
      <DataTable<Experiment> label={t('experiments')} rows={found.rows} rowKey={(one) => one.id} problem={found.error} retry={() => void found.refetch()}
        onOpen={(one) => void go(`/experiments/${one.id}`)}
        empty={<Empty title={t('none')} hint={t('noneHint')} />}
        more={{ has: found.hasNextPage, loading: found.isFetchingNextPage, load: () => void found.fetchNextPage() }}
        columns={[
          { title: t('name'), render: (_, one) => <strong>{one.name}{revision(one)}</strong> },
          { title: t('about'), render: (_, one) => kind(one) },
          { title: t('controlShare'), align: 'right', render: (_, one) => control(one) },
          { title: t('variants'), align: 'right', render: (_, one) => <span className="num">{one.arms.length - 1}</span> },
          { title: t('units'), align: 'right', render: (_, one) => <span className="num">{count(units(one))}</span> },
          { title: t('primary'), render: (_, one) => t(`outcome.${one.terms.primary}`) },
          { title: t('started'), render: (_, one) => <span className="num">{instant(one.started_at)}</span> },
        ]}
        card={(one) => <RowCard title={one.name + revision(one)} side={kind(one)} lines={[`${one.control_basis_points > 0 ? `${t('controlShare')} ${share(one.control_basis_points / 10_000)}` : t('controlNone')} · ${t('units')} ${count(units(one))}`, instant(one.started_at)]} />} />
    </Panel>
  )
}

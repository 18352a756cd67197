import { RocketOutlined } from '@ant-design/icons'
import { Alert, Button, Form, Input, Popconfirm, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { useNotice } from '@/design/notice'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { RowCard } from '@/design/RowCard'
import { useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { figures, graphOf } from '../model'
import { useFaults, usePressure, usePublish, useStanding, useVersions } from '../queries'
import type { Fate, Graph, Journey, NodePressure } from '../types'
import { useReason, useSaying } from '../words'
import { ProblemList } from './ProblemList'

/** The last look before it goes live: what is wrong, what it presses upon whom, what becomes of those inside. */
export function LaunchTab({ journey }: { journey: Journey }) {
  const { t } = useTranslation('journeys')
  const { share } = useFormat()
  const { done, refused } = useNotice()
  const [, write] = useUrlState()
  const graph = graphOf(journey.draft)
  const faults = useFaults(graph)
  const isSound = faults.data?.every((fault) => fault.is_warning) ?? false
  const publish = usePublish()
  const [plan, setPlan] = useState<Record<string, Fate>>({})
  const [note, setNote] = useState('')
  const go = () => publish.mutate({ id: journey.id, plan, note }, { onSuccess: () => { done(t('published')); write({ tab: undefined }) }, onError: refused })
  return (
    <>
      <ProblemList faults={faults.data} />
      {isSound && <PressurePanel graph={graph} />}
      {journey.version > 0 && <PlanPanel journey={journey} graph={graph} plan={plan} onChange={setPlan} />}
      <Panel title={t(journey.version ? 'publishTitle' : 'launchTitle')} style={{ marginTop: 16 }}>
        <Alert type="info" showIcon style={{ marginBottom: 16 }} title={t('launchNote', { holdout: share((graph.holdout_basis_points ?? 0) / 10_000) })} />
        <Form layout="vertical">
          <Form.Item label={t('note')}><Input value={note} maxLength={200} onChange={(event) => setNote(event.target.value)} placeholder={t('notePlaceholder')} /></Form.Item>
          <Popconfirm title={t(journey.version ? 'publishSure' : 'launchSure')} onConfirm={go} disabled={!isSound}>
            <Button type="primary" size="large" icon={<RocketOutlined />} disabled={!isSound} loading={publish.isPending}>{t(journey.version ? 'publish' : 'launch')}</Button>
          </Popconfirm>
        </Form>
      </Panel>
    </>
  )
}

function PressurePanel({ graph }: { graph: Graph }) {
  const { t } = useTranslation('journeys')
  const { count, list: listed } = useFormat()
  const reason = useReason()
  const found = usePressure(graph)
  const list = (pairs: [string, number][]) => listed(pairs.map(([name, times]) => `${name} ${count(times)}`)) || '–'
  return (
    <Panel flush title={t('pressure.title', { total: found.data ? count(found.data.members) : '…' })} data-testid="journey-pressure">
      <ProblemNote problem={found.error ?? undefined} />
      <DataTable<NodePressure> label={t('pressure.label')} rows={found.data?.nodes} loading={found.isPending} rowKey={(one) => one.node} empty={<p className="soft" style={{ padding: 16 }}>{t('pressure.none')}</p>}
        columns={[
          { title: t('message'), render: (_, one) => <strong>{one.name || one.node}</strong> },
          { title: t('field.channel'), render: (_, one) => t(`channel.${one.channel}`) },
          { title: t('pressure.planned'), align: 'right', render: (_, one) => <strong className="num">{count(one.planned)}</strong> },
          { title: t('pressure.held'), align: 'right', render: (_, one) => count(one.held) },
          { title: t('pressure.dropped'), render: (_, one) => list(Object.entries(one.dropped).map(([why, times]) => [reason(why), times])) },
          { title: t('pressure.guides'), render: (_, one) => <span title={list(one.guides.map((each) => [each.guide, each.messages]))}>{one.guides.length ? t('pressure.perGuide', { guides: one.guides.length, most: count(one.guides[0]?.messages ?? 0) }) : '–'}</span> },
          { title: t('pressure.crowded'), render: (_, one) => list(one.crowds_out.map((each) => [each.campaign, each.members])) },
        ]}
        card={(one) => <RowCard title={one.name || one.node} side={<strong className="num">{count(one.planned)}</strong>} lines={[
          `${t(`channel.${one.channel}`)}${one.held ? ` · ${t('pressure.held')} ${count(one.held)}` : ''}`,
          `${t('pressure.dropped')} ${list(Object.entries(one.dropped).map(([why, times]) => [reason(why), times]))}`,
          one.guides.length > 0 && t('pressure.perGuide', { guides: one.guides.length, most: count(one.guides[0]?.messages ?? 0) }),
        ]} />} />
      <p className="soft" style={{ padding: '12px 16px' }}>{t('pressure.hint')}</p>
    </Panel>
  )
}

type PlanProps = { journey: Journey; graph: Graph; plan: Record<string, Fate>; onChange: (plan: Record<string, Fate>) => void }

/** For every node with people in it: they stay on their version, move to a node of the new one, or leave. */
function PlanPanel({ journey, graph, plan, onChange }: PlanProps) {
  const { t } = useTranslation('journeys')
  const { count } = useFormat()
  const say = useSaying()
  const { here } = figures(useStanding(journey.id).data)
  const old = graphOf(useVersions(journey.id).data?.[0]?.graph)
  const rows = Object.entries(here).map(([node, members]) => ({ node, members }))
  const name = (node: string, of: Graph) => of.nodes[node]?.name || (of.nodes[node] ? say.short(of.nodes[node]) : node)
  const put = (node: string, fate: Partial<Fate>) => onChange({ ...plan, [node]: { fate: 'stay', to: null, timers: 'keep', ...plan[node], ...fate } })
  return (
    <Panel flush title={t('plan.title')} style={{ marginTop: 16 }}>
      <p className="soft" style={{ padding: '12px 16px' }}>{t('plan.hint')}</p>
      <DataTable label={t('plan.title')} rows={rows} rowKey={(row) => row.node} empty={<p className="soft" style={{ padding: 16 }}>{t('plan.none')}</p>}
        columns={[
          { title: t('plan.node'), render: (_, row) => <strong>{name(row.node, old)}</strong> },
          { title: t('inside'), align: 'right', render: (_, row) => count(row.members) },
          {
            title: t('plan.fate'),
            render: (_, row) => (
              <Select style={{ width: 150 }} aria-label={t('plan.fate')} placeholder={graph.nodes[row.node] ? t('fate.stay') : t('plan.needed')} status={!graph.nodes[row.node] && !plan[row.node] ? 'error' : undefined}
                value={plan[row.node]?.fate} onChange={(fate: Fate['fate']) => put(row.node, { fate, to: fate === 'move' ? (graph.nodes[row.node] ? row.node : Object.keys(graph.nodes)[0]) : null })}
                options={(['stay', 'move', 'exit'] as const).map((fate) => ({ value: fate, label: t(`fate.${fate}`) }))} />
            ),
          },
          {
            title: t('plan.to'),
            render: (_, row) => plan[row.node]?.fate === 'move' && (
              <>
                <Select style={{ width: 180 }} aria-label={t('plan.to')} value={plan[row.node]?.to ?? undefined} onChange={(to: string) => put(row.node, { to })} options={Object.keys(graph.nodes).map((to) => ({ value: to, label: name(to, graph) }))} />
                <Select style={{ width: 150 }} aria-label={t('plan.timers')} value={plan[row.node]?.timers} onChange={(timers: Fate['timers']) => put(row.node, { timers })} options={(['keep', 'reschedule', 'restart'] as const).map((timers) => ({ value: timers, label: t(`timers.${timers}`) }))} />
              </>
            ),
          },
        ]} />
    </Panel>
  )
}

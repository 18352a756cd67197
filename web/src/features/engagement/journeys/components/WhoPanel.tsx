import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { useFormat } from '@/lib/session'

import { useAtNode } from '../queries'
import type { Journey, Step, Whereabouts } from '../types'
import { useReason } from '../words'

type Props = { journey: Journey; node: string; name: (node: string) => string }

/** Who stands at a node, until when, and how they came there. */
export function WhoPanel({ journey, node, name }: Props) {
  const { t } = useTranslation('journeys')
  const { instant } = useFormat()
  const reason = useReason()
  const found = useAtNode(journey.id, node)
  const way = (steps: Step[]) => [...steps].reverse().map((step) => `${instant(step.at)} ${name(step.to_node)}（${reason(step.reason)}）`).join(' → ')
  const who = (one: Whereabouts) => <Link to={`/members/${one.member_id}`}>{one.name_masked || `#${one.member_no}`}</Link>
  return (
    <Panel flush title={t('who', { node: name(node) })} style={{ marginTop: 16 }} data-testid="journey-who">
      <DataTable<Whereabouts> label={t('who', { node: name(node) })} rows={found.rows} rowKey={(one) => `${one.member_no}.${one.key}`} problem={found.error} empty={<p className="soft" style={{ padding: 16 }}>{t('nobody')}</p>}
        more={{ has: found.hasNextPage, loading: found.isFetchingNextPage, load: () => void found.fetchNextPage() }}
        columns={[
          { title: t('member'), render: (_, one) => who(one) },
          { title: t('version'), render: (_, one) => `v${one.version}` },
          { title: t('key'), render: (_, one) => one.key || '–' },
          { title: t('until'), render: (_, one) => <span className="num">{one.until ? instant(one.until) : '–'}</span> },
          { title: t('why'), render: (_, one) => <span className="soft">{way(one.steps)}</span> },
        ]}
        card={(one) => <RowCard title={who(one)} side={one.until ? instant(one.until) : ''} lines={[way(one.steps)]} />} />
    </Panel>
  )
}

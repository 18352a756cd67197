import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { useFormat } from '@/lib/session'

import { useTouches } from '../queries'
import type { Fate, Touch } from '../types'
import { FateMark, Sender } from './marks'

type Props = { filter: { origin_id?: string; fate?: Fate; channel?: string; sender?: string }; withOrigin?: boolean; filters?: ReactNode }

/** Touches, the newest first: who, through whom, and how far it came. */
export function TouchTable({ filter, withOrigin, filters }: Props) {
  const { t } = useTranslation('touches')
  const { instant } = useFormat()
  const found = useTouches(filter)
  const member = (one: Touch) => (one.member_id ? <Link to={`/members/${one.member_id}`}>{one.member_name || t('nameless')}</Link> : <span className="faint">{t('elsewhere')}</span>)
  const origin = (one: Touch) => (one.origin_kind === 'campaign' ? <Link to={`/campaigns/${one.origin_id}`}>{one.origin_name || one.origin_id}</Link> : <Link to={`/journeys/${one.origin_id}`}>{one.origin_name || t('journey')}</Link>)
  return (
    <Panel flush>
      {filters}
      <DataTable<Touch>
        label={t('ledger.title')}
        rows={found.rows}
        rowKey={(one) => `${one.origin_id}/${one.origin_node}/${one.member_id}/${one.at}/${one.sender}`}
        problem={found.error}
        retry={() => void found.refetch()}
        size="small"
        empty={filter.fate || filter.channel ? <Empty small title={t('ledger.noMatch')} /> : <Empty title={t('ledger.empty')} hint={t('ledger.emptyHint')} />}
        more={{ has: found.hasNextPage, loading: found.isFetchingNextPage, load: () => void found.fetchNextPage() }}
        columns={[
          { title: t('fields.at'), render: (_, one) => <span className="num">{instant(one.at)}</span> },
          { title: t('fields.member'), render: (_, one) => member(one) },
          ...(withOrigin ? [{ title: t('fields.origin'), render: (_: unknown, one: Touch) => origin(one) }] : []),
          { title: t('fields.channel'), render: (_, one) => t(`channels.${one.channel}`, { defaultValue: one.channel }) },
          { title: t('fields.sender'), render: (_, one) => <Sender one={one} /> },
          { title: t('fields.fate'), render: (_, one) => <FateMark fate={one.fate} reason={one.reason} /> },
          { title: t('fields.changed'), render: (_, one) => <span className="num">{instant(one.changed_at)}</span> },
        ]}
        card={(one) => <RowCard title={member(one)} side={<FateMark fate={one.fate} reason={one.reason} />} lines={[withOrigin && origin(one), [t(`channels.${one.channel}`, { defaultValue: one.channel }), one.sender_name || one.sender].filter(Boolean).join(' · '), instant(one.at)]} />}
      />
    </Panel>
  )
}

import { Tabs } from 'antd'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'

import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { Stat, Stats } from '@/design/Stat'
import { Waiting } from '@/design/Waiting'
import { MemberRhythm } from '@/features/analytics/pickers/MemberRhythm'
import { MemberSources } from '@/features/acquisition/pickers/MemberSources'
import { MemberAudiences } from '@/features/audiences/pickers/MemberAudiences'
import { MemberTouches } from '@/features/engagement/pickers/MemberTouches'
import { MemberRelations } from '@/features/channels/pickers/MemberRelations'
import { MemberTagsPanel } from '@/features/tags/pickers/MemberTagsPanel'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { AttributePanel } from '../components/AttributePanel'
import { ConsentPanel } from '../components/ConsentPanel'
import { IdentityPanel } from '../components/IdentityPanel'
import { MemberHead } from '../components/MemberHead'
import { MergePanel } from '../components/MergePanel'
import { MemberOrders } from '../components/MemberOrders'
import { TimelineView } from '../components/TimelineView'
import { useMemberPage } from '../queries'

export function MemberPage() {
  const { id = '' } = useParams()
  const { t } = useTranslation('people')
  const { money, count, ago, instant } = useFormat()
  const can = useCan()
  const [read, write] = useUrlState()
  const page = useMemberPage(id)
  if (page.error) return <ProblemNote problem={page.error} retry={() => void page.refetch()} />
  if (!page.data) return <Waiting />
  const { member, stats, timeline, merges } = page.data
  return (
    <>
      <MemberHead member={member} />
      <div className="stack">
        <Stats>
          <Stat label={t('stats.orders')} value={count(stats.orders)} definition={t('stats.ordersWhat')} />
          <Stat label={t('stats.revenue')} value={money(stats.revenue_minor)} definition={t('stats.revenueWhat')} />
          <Stat label={t('stats.refunds')} value={money(stats.refunds_minor)} />
          <Stat label={t('stats.average')} value={money(stats.average_order_minor)} definition={t('stats.averageWhat')} />
          <Stat label={t('stats.lastOrder')} value={ago(stats.last_order_at)} note={stats.last_order_at ? instant(stats.last_order_at, 'day') : undefined} />
        </Stats>
        <div className="side-right">
          <Panel>
            <Tabs
              activeKey={read('tab') ?? 'timeline'}
              onChange={(tab) => write({ tab: tab === 'timeline' ? undefined : tab })}
              items={[
                { key: 'timeline', label: t('tabs.timeline'), children: <TimelineView id={member.id} first={timeline} /> },
                { key: 'orders', label: t('tabs.orders', { count: stats.orders }), children: <MemberOrders id={member.id} /> },
                ...(can(permissions.touches) ? [{ key: 'touches', label: t('tabs.touches'), children: <MemberTouches id={member.id} /> }] : []),
                { key: 'merges', label: t('tabs.merges', { count: merges.length }), children: <MergePanel merges={merges} no={member.member_no} /> },
              ]}
            />
          </Panel>
          <div className="stack">
            {can(permissions.contacts) && <MemberRelations memberId={member.id} />}
            <MemberSources id={member.id} />
            {can(permissions.tags) && <MemberTagsPanel memberId={member.id} />}
            <MemberRhythm id={member.id} />
            {can(permissions.audiences) && <MemberAudiences memberId={member.id} />}
            <IdentityPanel member={member} />
            <ConsentPanel member={member} />
            <AttributePanel member={member} />
          </div>
        </div>
      </div>
    </>
  )
}

import { useTranslation } from 'react-i18next'

import { Stat, Stats } from '@/design/Stat'
import { useFormat } from '@/lib/session'

import type { Overview } from '../types'

export function KeyFigures({ overview }: { overview: Overview }) {
  const { t } = useTranslation('analytics')
  const { count, moneyShort, money, share } = useFormat()
  const full = (minor: number | null) => <span title={money(minor)}>{moneyShort(minor)}</span>
  return (
    <div className="stack-small" data-testid="figures">
      <Stats>
        <Stat label={t('members')} value={count(overview.members)} note={t('ofIdentified', { count: overview.identified, share: share(overview.members ? overview.identified / overview.members : null) })} definition={t('define.members')} />
        <Stat label={t('buyers')} value={count(overview.buyers)} note={t('ofMembers', { share: share(overview.members ? overview.buyers / overview.members : null) })} definition={t('define.buyers')} />
        <Stat label={t('orders')} value={count(overview.orders)} note={t('paidOf', { paid: count(overview.paid_orders) })} definition={t('define.orders')} />
        <Stat label={t('revenue')} value={full(overview.revenue_minor)} note={t('unattributed', { amount: moneyShort(overview.unattributed.revenue_minor) })} definition={t('define.revenue')} />
        <Stat label={t('refunds')} value={full(overview.refunds_minor)} note={t('netOf', { net: moneyShort(overview.net_minor) })} definition={t('define.refunds')} />
      </Stats>
      <Stats>
        <Stat label={t('repeatRate')} value={share(overview.repeat_rate)} definition={t('define.repeatRate')} />
        <Stat label={t('averageOrder')} value={money(overview.average_order_minor)} definition={t('define.averageOrder')} />
        <Stat label={t('topDecile')} value={share(overview.top_decile_share)} definition={t('define.topDecile')} />
      </Stats>
    </div>
  )
}

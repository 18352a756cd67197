import { useTranslation } from 'react-i18next'

import { Stat, Stats } from '@/design/Stat'
import { useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'

import type { Overview } from '../types'

export function KeyFigures({ overview }: { overview: Overview }) {
  const { t, i18n } = useTranslation('analytics')
  const { count, moneyShort, money, share } = useFormat()
  const define = (name: string) => bilingual(overview.definitions[name] ?? {}, i18n.language)
  const full = (minor: number | null) => <span title={money(minor)}>{moneyShort(minor)}</span>
  return (
    <div data-testid="figures">
      <Stats columns={4}>
        <Stat label={t('members')} value={count(overview.members)} note={t('ofIdentified', { count: overview.identified, share: share(overview.members ? overview.identified / overview.members : null) })} definition={define('members')} />
        <Stat label={t('buyers')} value={count(overview.buyers)} note={t('ofMembers', { share: share(overview.members ? overview.buyers / overview.members : null) })} definition={define('buyers')} />
        <Stat label={t('orders')} value={count(overview.orders)} note={t('paidOf', { paid: count(overview.paid_orders) })} definition={define('orders')} />
        <Stat label={t('revenue')} value={full(overview.revenue_minor)} note={t('unattributed', { amount: moneyShort(overview.unattributed.revenue_minor) })} definition={define('revenue_minor')} />
        <Stat label={t('refunds')} value={full(overview.refunds_minor)} note={t('netOf', { net: moneyShort(overview.net_minor) })} definition={define('refunds_minor')} />
        <Stat label={t('repeatRate')} value={share(overview.repeat_rate)} definition={define('repeat_rate')} />
        <Stat label={t('averageOrder')} value={money(overview.average_order_minor)} definition={define('average_order_minor')} />
        <Stat label={t('topDecile')} value={share(overview.top_decile_share)} definition={define('top_decile_share')} />
      </Stats>
    </div>
  )
}

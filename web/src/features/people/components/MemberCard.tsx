import { useTranslation } from 'react-i18next'

import { Mark } from '@/design/Mark'
import { RowCard } from '@/design/RowCard'
import { useFormat } from '@/lib/session'

import type { MemberRow } from '../types'
import { displayName } from '../words'

export function MemberCard({ member }: { member: MemberRow }) {
  const { t } = useTranslation('people')
  const { money, ago } = useFormat()
  return (
    <RowCard
      title={<span className="row" style={{ gap: 6 }}>{displayName(member, t)}{!member.identified && <Mark>{t('unidentified')}</Mark>}</span>}
      side={money(member.revenue_minor)}
      lines={[
        [member.phone_masked, member.home_unit?.name, member.source].filter(Boolean).join(' · '),
        member.orders_count > 0 && t('list.cardOrders', { count: member.orders_count, last: ago(member.last_order_at) }),
      ]}
    />
  )
}

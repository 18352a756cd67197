import type { TableProps } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { RowCard } from '@/design/RowCard'
import { MemberName } from '@/features/people/pickers/MemberName'
import { useFormat } from '@/lib/session'

import type { MemberRow } from '../types'

export function useMemberColumns(): TableProps<MemberRow>['columns'] {
  const { t } = useTranslation('audiences')
  const { count, money, ago, instant } = useFormat()
  return [
    { title: t('members.member'), render: (_, one) => <Link to={`/members/${one.id}`} tabIndex={-1}><strong><MemberName member={one} /></strong></Link> },
    { title: t('members.phone'), render: (_, one) => <span className="num">{one.phone_masked ?? <span className="faint">–</span>}</span> },
    { title: t('members.store'), render: (_, one) => one.home_unit?.name ?? <span className="faint">–</span> },
    { title: t('members.source'), render: (_, one) => one.source || <span className="faint">–</span> },
    { title: t('members.orders'), align: 'right', render: (_, one) => <span className="num">{count(one.orders_count)}</span> },
    { title: t('members.revenue'), align: 'right', render: (_, one) => <span className="num">{money(one.revenue_minor)}</span> },
    { title: t('members.lastOrder'), render: (_, one) => <span className="num" title={instant(one.last_order_at)}>{ago(one.last_order_at)}</span> },
  ]
}

export function MemberCard({ member }: { member: MemberRow }) {
  const { money } = useFormat()
  return <RowCard title={<MemberName member={member} />} side={member.revenue_minor ? money(member.revenue_minor) : undefined} lines={[[member.phone_masked, member.home_unit?.name, member.source].filter(Boolean).join(' · ')]} />
}

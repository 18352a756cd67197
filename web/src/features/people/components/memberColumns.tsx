import type { TableProps } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Mark } from '@/design/Mark'
import { useFormat } from '@/lib/session'

import type { MemberRow } from '../types'
import { displayName } from '../words'

export function useMemberColumns(): TableProps<MemberRow>['columns'] {
  const { t } = useTranslation('people')
  const { instant, ago, money, count } = useFormat()
  return [
    {
      title: t('list.member'),
      render: (_, member) => (
        <span className="row" style={{ gap: 6 }}>
          <Link to={`/members/${member.id}`} tabIndex={-1}><strong>{displayName(member, t)}</strong></Link>
          {!member.identified && <Mark>{t('unidentified')}</Mark>}
        </span>
      ),
    },
    { title: t('list.phone'), render: (_, member) => <span className="num">{member.phone_masked ?? <span className="faint">–</span>}</span> },
    { title: t('list.store'), render: (_, member) => member.home_unit?.name ?? <span className="faint">–</span> },
    { title: t('list.source'), render: (_, member) => member.source || <span className="faint">–</span> },
    { title: t('list.orders'), align: 'right', render: (_, member) => <span className="num">{count(member.orders_count)}</span> },
    { title: t('list.revenue'), align: 'right', render: (_, member) => <span className="num">{money(member.revenue_minor)}</span> },
    { title: t('list.lastOrder'), render: (_, member) => <span className="num" title={instant(member.last_order_at)}>{ago(member.last_order_at)}</span> },
    { title: t('list.created'), render: (_, member) => <span className="num">{instant(member.created_at, 'day')}</span> },
  ]
}

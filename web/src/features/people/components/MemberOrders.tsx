import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { RowCard } from '@/design/RowCard'
import { OrderMark } from '@/features/activity/pickers/OrderMark'
import { useFormat } from '@/lib/session'

import { useMemberOrders } from '../queries'
import type { MemberOrder } from '../types'

export function MemberOrders({ id }: { id: string }) {
  const { t } = useTranslation('people')
  const { instant, money } = useFormat()
  const go = useNavigate()
  const orders = useMemberOrders(id)
  return (
    <DataTable<MemberOrder>
      size="small"
      label={t('orders.title')}
      rows={orders.rows}
      rowKey={(order) => `${order.shop}/${order.order_no}`}
      problem={orders.error}
      retry={() => void orders.refetch()}
      onOpen={(order) => void go(`/orders?order=${encodeURIComponent(`${order.shop}/${order.order_no}`)}`)}
      empty={<Empty small title={t('orders.empty')} />}
      more={{ has: orders.hasNextPage, loading: orders.isFetchingNextPage, load: () => void orders.fetchNextPage() }}
      columns={[
        { title: t('orders.no'), render: (_, order) => <span className="mono">{order.order_no}</span> },
        { title: t('orders.shop'), render: (_, order) => [order.shop, order.store_code].filter(Boolean).join(' · ') },
        { title: t('orders.placed'), render: (_, order) => <span className="num">{instant(order.placed_at)}</span> },
        { title: t('orders.state'), render: (_, order) => <OrderMark state={order.state} /> },
        { title: t('orders.paid'), align: 'right', render: (_, order) => <span className="num">{money(order.paid_minor, order.currency)}</span> },
      ]}
      card={(order) => <RowCard title={<span className="mono">{order.order_no}</span>} side={money(order.paid_minor, order.currency)} lines={[<span key="s" className="row"><OrderMark state={order.state} />{instant(order.placed_at)}</span>]} />}
    />
  )
}

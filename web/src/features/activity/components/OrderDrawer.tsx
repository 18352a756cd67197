import { Drawer, Table } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Facts } from '@/design/Facts'
import { Mark } from '@/design/Mark'
import { ProblemNote } from '@/design/ProblemNote'
import { useFormat } from '@/lib/session'

import { OrderMark } from '../pickers/OrderMark'
import { useOrder } from '../queries'
import type { Order, OrderLine } from '../types'

function Sheet({ order }: { order: Order }) {
  const { t } = useTranslation('activity')
  const { instant, money, count } = useFormat()
  const amount = (minor: number) => <span className="num">{money(minor, order.currency)}</span>
  return (
    <div className="stack">
      <Facts
        facts={[
          { label: t('orders.state'), value: <OrderMark state={order.state} /> },
          { label: t('orders.buyer'), value: order.member_no > 0 ? <Link to={`/members/${order.member_no}`}>{t('orders.openMember')} #{order.member_no}</Link> : <Mark>{t('orders.unattributed')}</Mark> },
          { label: t('orders.shop'), value: order.shop },
          { label: t('orders.placed'), value: instant(order.placed_at, 'second') },
          { label: t('orders.paidAt'), value: instant(order.paid_at, 'second') },
          { label: t('orders.store'), value: order.store_code || '–' },
          { label: t('orders.staff'), value: order.staff_code || '–' },
          { label: t('orders.source'), value: order.source || '–' },
        ]}
      />
      <Table<OrderLine>
        size="small"
        rowKey={(line) => `${line.sku}/${line.product}/${line.total_minor}/${line.quantity}`}
        pagination={false}
        dataSource={order.lines}
        scroll={{ x: 'max-content' }}
        columns={[
          { title: t('orders.product'), render: (_, line) => <>{line.product || line.sku}<div className="faint mono">{line.sku}{line.category && ` · ${line.category}`}</div></> },
          { title: t('orders.qty'), align: 'right', render: (_, line) => count(line.quantity) },
          { title: t('orders.price'), align: 'right', render: (_, line) => amount(line.price_minor) },
          { title: t('orders.lineTotal'), align: 'right', render: (_, line) => amount(line.total_minor) },
        ]}
      />
      <Facts
        facts={[
          { label: t('orders.discount'), value: amount(order.discount_minor) },
          { label: t('orders.shipping'), value: amount(order.shipping_minor) },
          { label: t('orders.total'), value: amount(order.total_minor) },
          { label: t('orders.paid'), value: <strong>{amount(order.paid_minor)}</strong> },
          { label: t('orders.refund'), value: amount(order.refunded_minor) },
          ...order.payments.map((payment) => ({ label: t('orders.payment'), value: <>{payment.method} {amount(payment.amount_minor)} {instant(payment.at)}</> })),
        ]}
      />
    </div>
  )
}

export function OrderDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation('activity')
  const cut = id.indexOf('/')
  const order = useOrder(id.slice(0, cut), id.slice(cut + 1))
  return (
    <Drawer open size={Math.min(560, window.innerWidth)} title={t('orders.one', { no: id.slice(cut + 1) })} loading={order.isPending} onClose={onClose}>
      <ProblemNote problem={order.error} retry={() => void order.refetch()} />
      {order.data && <Sheet order={order.data} />}
    </Drawer>
  )
}

import { ImportOutlined } from '@ant-design/icons'
import { Button, Empty as Nothing, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { FilterBar } from '@/design/FilterBar'
import { Mark } from '@/design/Mark'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { OrderDrawer } from '../components/OrderDrawer'
import { OrderMark } from '../pickers/OrderMark'
import { useOrders } from '../queries'
import type { Order, OrderState } from '../types'

const states: OrderState[] = ['placed', 'paid', 'shipped', 'completed', 'cancelled']

export function Orders() {
  const { t } = useTranslation('activity')
  const { instant, money, count } = useFormat()
  const can = useCan()
  const [read, write] = useUrlState()
  const filter = { shop: read('shop'), member_id: read('member'), state: read('state') as OrderState | undefined }
  const orders = useOrders(filter)
  const open = read('order')
  const isFiltered = Object.values(filter).some(Boolean)
  const fromFile = can(permissions.importWrite) && <Link to="/imports/new?kind=orders"><Button icon={<ImportOutlined />}>{t('orders.import')}</Button></Link>
  const key = (order: Order) => `${order.shop}/${order.order_no}`
  const state = (order: Order) => <span className="row" style={{ gap: 4 }}><OrderMark state={order.state} />{order.refunded_minor > 0 && <Mark tone="bad">{t('orders.refunded')}</Mark>}</span>
  const buyer = (order: Order) => (order.member_no > 0 ? <Link to={`/members/${order.member_no}`} onClick={(event) => event.stopPropagation()}>#{order.member_no}</Link> : <Mark>{t('orders.unattributed')}</Mark>)
  return (
    <>
      <PageHead title={t('orders.title')} subtitle={t('orders.subtitle')} actions={fromFile} />
      <Panel flush>
        <FilterBar
          active={Object.values(filter).filter(Boolean).length}
          onClear={() => write({ shop: undefined, member: undefined, state: undefined })}
          search={<Input.Search key={filter.shop} allowClear defaultValue={filter.shop} placeholder={t('orders.shop')} aria-label={t('orders.shop')} onSearch={(shop) => write({ shop: shop.trim() })} />}
          trailing={orders.total !== null ? t('total', { total: count(orders.total) }) : t('shown', { shown: count(orders.rows?.length) })}
        >
          <Select allowClear value={filter.state} placeholder={t('orders.state')} aria-label={t('orders.state')} onChange={(value) => write({ state: value })} options={states.map((value) => ({ value, label: t(`orders.states.${value}`) }))} />
          {filter.member_id && <Mark tone="well">{t('orders.oneMember')}</Mark>}
        </FilterBar>
        <DataTable<Order>
          label={t('orders.title')}
          rows={orders.rows}
          rowKey={key}
          problem={orders.error}
          retry={() => void orders.refetch()}
          onOpen={(order) => write({ order: key(order) })}
          empty={isFiltered ? <Nothing style={{ padding: 40 }} description={t('orders.noMatch')} /> : <Empty title={t('orders.empty')} hint={t('orders.emptyHint')} action={fromFile} />}
          more={{ has: orders.hasNextPage, loading: orders.isFetchingNextPage, load: () => void orders.fetchNextPage() }}
          columns={[
            { title: t('orders.no'), render: (_, order) => <span className="mono">{order.order_no}</span> },
            { title: t('orders.shop'), dataIndex: 'shop' },
            { title: t('orders.buyer'), render: (_, order) => buyer(order) },
            { title: t('orders.state'), render: (_, order) => state(order) },
            { title: t('orders.placed'), render: (_, order) => <span className="num">{instant(order.placed_at)}</span> },
            { title: t('orders.store'), render: (_, order) => order.store_code || <span className="faint">–</span> },
            { title: t('orders.total'), align: 'right', render: (_, order) => <span className="num">{money(order.total_minor, order.currency)}</span> },
            { title: t('orders.paid'), align: 'right', render: (_, order) => <span className="num">{money(order.paid_minor, order.currency)}</span> },
            { title: t('orders.refund'), align: 'right', render: (_, order) => <span className="num">{order.refunded_minor ? money(order.refunded_minor, order.currency) : '–'}</span> },
          ]}
          card={(order) => <RowCard title={<span className="mono">{order.order_no}</span>} side={money(order.paid_minor, order.currency)} lines={[<span key="s" className="row">{state(order)} {order.shop}</span>, instant(order.placed_at)]} />}
        />
      </Panel>
      {open && <OrderDrawer id={open} onClose={() => write({ order: undefined })} />}
    </>
  )
}

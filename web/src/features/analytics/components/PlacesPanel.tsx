import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { useFormat } from '@/lib/session'

import type { Overview, Place } from '../types'

// The first places say enough here; all of them are behind the orders list's filter.
const SHOWN_MAX = 12

/** Where was sold: shops and the stores within them; other currencies apart, because sums must not mix them. */
export function PlacesPanel({ overview }: { overview: Overview }) {
  const { t } = useTranslation('analytics')
  const { count, money } = useFormat()
  if (overview.places.length === 0) return null
  const name = (place: Place) => [place.shop, place.store_code].filter(Boolean).join(' · ')
  return (
    <Panel title={t('places')} flush>
      <DataTable<Place>
        size="small"
        label={t('places')}
        rows={overview.places.slice(0, SHOWN_MAX)}
        rowKey={name}
        empty={null}
        columns={[
          { title: t('shop'), render: (_, place) => place.shop || '–' },
          { title: t('store'), render: (_, place) => place.store_code || '–' },
          { title: t('orders'), align: 'right', render: (_, place) => <span className="num">{count(place.orders)}</span> },
          { title: t('buyers'), align: 'right', render: (_, place) => <span className="num">{count(place.buyers)}</span> },
          { title: t('revenue'), align: 'right', render: (_, place) => <span className="num">{money(place.revenue_minor)}</span> },
        ]}
        card={(place) => <RowCard title={name(place) || '–'} side={money(place.revenue_minor)} lines={[`${t('orders')} ${count(place.orders)} · ${t('buyers')} ${count(place.buyers)}`]} />}
      />
      {overview.other_currencies.map((other) => (
        <p key={other.currency} className="soft" style={{ padding: '8px 16px' }}>{t('otherCurrency', { currency: other.currency, orders: count(other.orders), amount: money(other.revenue_minor, other.currency) })}</p>
      ))}
    </Panel>
  )
}

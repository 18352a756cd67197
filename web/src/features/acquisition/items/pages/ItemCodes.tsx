import { PlusOutlined } from '@ant-design/icons'
import { Button, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { rate } from '../../cards/model'
import { BatchDrawer } from '../components/BatchDrawer'
import { useBatches } from '../queries'
import type { Batch } from '../types'

/** Every batch of codes on packages. */
export function ItemCodes() {
  const { t } = useTranslation('items')
  const { count, share, instant } = useFormat()
  const can = useCan()
  const go = useNavigate()
  const [making, setMaking] = useState(false)
  const batches = useBatches()
  const make = can(permissions.itemWrite) && <Button type="primary" icon={<PlusOutlined />} onClick={() => setMaking(true)}>{t('new')}</Button>
  const mark = (batch: Batch) => batch.state === 'void' && <Tag color="error">{t('void')}</Tag>
  return (
    <>
      <PageHead title={t('title')} subtitle={t('subtitle')} actions={make} />
      <Panel flush>
        <DataTable<Batch>
          label={t('title')}
          rows={batches.rows}
          rowKey={(batch) => batch.id}
          problem={batches.error}
          retry={() => void batches.refetch()}
          onOpen={(batch) => void go(`/item-codes/${batch.id}`)}
          empty={<Empty title={t('empty')} hint={t('emptyHint')} action={make} />}
          more={{ has: batches.hasNextPage, loading: batches.isFetchingNextPage, load: () => void batches.fetchNextPage() }}
          columns={[
            { title: t('fields.name'), render: (_, batch) => <div><Link to={`/item-codes/${batch.id}`} tabIndex={-1}><strong>{batch.name}</strong></Link> {mark(batch)}<div className="faint">{batch.product}{batch.sku && ` · ${batch.sku}`}</div></div> },
            { title: t('fields.codes'), align: 'right', render: (_, batch) => <span className="num">{count(batch.codes)}</span> },
            { title: t('scanned'), align: 'right', render: (_, batch) => <span className="num"><strong>{count(batch.scanned)}</strong> <span className="faint">{share(rate(batch.scanned, batch.codes))}</span></span> },
            { title: t('bound'), align: 'right', render: (_, batch) => <span className="num">{count(batch.bound)}</span> },
            { title: t('suspicious'), align: 'right', render: (_, batch) => <span className="num" style={batch.suspicious ? { color: 'var(--ws-color-bad)' } : undefined}>{count(batch.suspicious)}</span> },
            { title: t('draw.short'), render: (_, batch) => (batch.draw_id ? <Tag color="processing">{t('draw.has', { count: batch.drawn })}</Tag> : <span className="faint">–</span>) },
            { title: t('createdAt'), render: (_, batch) => <span className="num">{instant(batch.created_at, 'day')}</span> },
          ]}
          card={(batch) => <RowCard title={<span className="row">{batch.name}{mark(batch)}</span>} side={count(batch.codes)} lines={[batch.product, t('inShort', { scanned: count(batch.scanned), bound: count(batch.bound), suspicious: count(batch.suspicious) })]} />}
        />
      </Panel>
      {making && <BatchDrawer onClose={() => setMaking(false)} />}
    </>
  )
}

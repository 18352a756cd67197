import { Button, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { FilterBar } from '@/design/FilterBar'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { kinds, rate } from '../model'
import { useBatches } from '../queries'
import type { Batch, DesignKind } from '../types'
import { GradeTag } from './GradeTag'

/** Every batch with its funnel in short. */
export function BatchesTab({ onNew }: { onNew?: () => void }) {
  const { t } = useTranslation('cards')
  const { count, share, money, instant } = useFormat()
  const go = useNavigate()
  const [read, write] = useUrlState()
  const kind = read('kind') as DesignKind | undefined
  const batches = useBatches({ kind })
  const part = (n: number, of: number) => <span className="num"><strong>{count(n)}</strong> <span className="faint">{share(rate(n, of))}</span></span>
  return (
    <Panel flush>
      <FilterBar active={0} onClear={() => write({ kind: undefined })}
        search={<Segmented value={kind ?? 'all'} onChange={(value) => write({ kind: value === 'all' ? undefined : value })} options={[{ value: 'all', label: t('allKinds') }, ...kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))]} />} />
      <DataTable<Batch>
        label={t('batches')}
        rows={batches.rows}
        rowKey={(batch) => batch.id}
        problem={batches.error}
        retry={() => void batches.refetch()}
        onOpen={(batch) => void go(`/cards/batches/${batch.id}`)}
        empty={<Empty title={t('noBatches')} hint={t('noBatchesHint')} action={onNew && <Button type="primary" onClick={onNew}>{t('newBatch')}</Button>} />}
        more={{ has: batches.hasNextPage, loading: batches.isFetchingNextPage, load: () => void batches.fetchNextPage() }}
        columns={[
          { title: t('fields.batch'), render: (_, batch) => <div><Link to={`/cards/batches/${batch.id}`} tabIndex={-1}><strong>{batch.name}</strong></Link><div className="faint">{batch.design_name} · {t(`kinds.${batch.kind}`)}</div></div> },
          { title: t('fields.shipped'), align: 'right', render: (_, batch) => <span className="num">{count(batch.shipped)}</span> },
          { title: t('steps.scanned'), align: 'right', render: (_, batch) => part(batch.funnel.scanned, batch.shipped) },
          { title: t('steps.added'), align: 'right', render: (_, batch) => <span className="row" style={{ justifyContent: 'flex-end' }}>{part(batch.funnel.added, batch.shipped)}<GradeTag grade={batch.funnel.grade} /></span> },
          { title: t('staying'), align: 'right', render: (_, batch) => part(batch.funnel.staying, batch.funnel.added) },
          { title: t('costPerKept'), align: 'right', render: (_, batch) => <span className="num">{money(batch.funnel.cost_per_kept_minor)}</span> },
          { title: t('fields.shippedOn'), render: (_, batch) => <span className="num">{batch.shipped_on ?? instant(batch.created_at, 'day')}</span> },
        ]}
        card={(batch) => (
          <RowCard title={batch.name} side={share(rate(batch.funnel.added, batch.shipped))}
            lines={[`${batch.design_name} · ${t(`kinds.${batch.kind}`)}`, <span key="f" className="row">{t('inShort', { shipped: count(batch.shipped), scanned: count(batch.funnel.scanned), added: count(batch.funnel.added) })} <GradeTag grade={batch.funnel.grade} /></span>]} />
        )}
      />
    </Panel>
  )
}

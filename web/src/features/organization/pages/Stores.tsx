import { ImportOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { FilterBar } from '@/design/FilterBar'
import { Mark } from '@/design/Mark'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { permissions } from '@/lib/permissions'
import { useCan } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { UnitDrawer } from '../components/UnitDrawer'
import { useTree, useUnits } from '../queries'
import { findUnit } from '../tree'
import type { Unit } from '../types'

export function Stores() {
  const { t } = useTranslation('organization')
  const can = useCan()
  const go = useNavigate()
  const [read, write] = useUrlState()
  const tree = useTree()
  const stores = useUnits({ kind: 'store', q: read('q') })
  const [adding, setAdding] = useState(false)
  const mayWrite = can(permissions.unitWrite)
  const state = (store: Unit) => (store.closed_on ? <Mark tone="bad">{t('closed')}</Mark> : <Mark tone="good">{t('stores.open')}</Mark>)
  const above = (store: Unit) => findUnit(tree.data ?? [], store.parent_id ?? undefined)?.name ?? '–'
  const add = mayWrite && <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>{t('stores.add')}</Button>
  const fromFile = mayWrite && can(permissions.importWrite) && <Link to="/imports/new?kind=units"><Button icon={<ImportOutlined />}>{t('importCsv')}</Button></Link>
  return (
    <>
      <PageHead title={t('stores.title')} subtitle={t('stores.subtitle')} actions={<>{fromFile}{add}</>} />
      <Panel flush>
        <FilterBar
          active={read('q') ? 1 : 0}
          onClear={() => write({ q: undefined })}
          search={<Input.Search key={read('q')} allowClear defaultValue={read('q')} placeholder={t('search')} aria-label={t('search')} onSearch={(q) => write({ q })} />}
        />
        <DataTable<Unit>
          label={t('stores.title')}
          rows={stores.rows}
          rowKey={(store) => store.id}
          problem={stores.error}
          retry={() => void stores.refetch()}
          onOpen={(store) => void go(`/organization?unit=${store.id}`)}
          empty={<Empty title={t('stores.empty')} hint={t('emptyHint')} action={<>{add}{fromFile}</>} />}
          more={{ has: stores.hasNextPage, loading: stores.isFetchingNextPage, load: () => void stores.fetchNextPage() }}
          columns={[
            { title: t('unit.name'), render: (_, store) => <strong>{store.name}</strong> },
            { title: t('unit.code'), render: (_, store) => <span className="mono">{store.code}</span> },
            { title: t('unit.parent'), render: (_, store) => above(store) },
            { title: t('unit.address'), render: (_, store) => store.address ?? '–' },
            { title: t('unit.phone'), render: (_, store) => <span className="num">{store.phone ?? '–'}</span> },
            { title: t('staff.state'), render: (_, store) => state(store) },
          ]}
          card={(store) => <RowCard title={store.name} side={state(store)} lines={[above(store), store.address]} />}
        />
      </Panel>
      {adding && <UnitDrawer parent={tree.data?.[0]?.id} onClose={() => setAdding(false)} />}
    </>
  )
}

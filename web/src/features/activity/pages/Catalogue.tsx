import { Button, Segmented } from 'antd'
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

import { PropertiesDrawer } from '../components/PropertiesDrawer'
import { useCatalogue } from '../queries'
import type { EventKind } from '../types'

export function Catalogue() {
  const { t } = useTranslation('activity')
  const { count, instant } = useFormat()
  const can = useCan()
  const [read, write] = useUrlState()
  const catalogue = useCatalogue()
  const only = read('only') ?? 'all'
  const rows = catalogue.data?.rows.filter((each) => only === 'all' || each.drift)
  const open = read('kind')
  const drift = (each: EventKind) => (each.drift ? <Mark tone="warn">{t('catalogue.drift')}</Mark> : <span className="faint">{t('catalogue.steady')}</span>)
  const first = can(permissions.keys) && <Link to="/keys"><Button type="primary">{t('catalogue.makeKey')}</Button></Link>
  return (
    <>
      <PageHead title={t('catalogue.title')} subtitle={t('catalogue.subtitle')} />
      <Panel flush>
        <FilterBar active={0} onClear={() => write({ only: undefined })}
          search={<Segmented value={only} onChange={(value) => write({ only: value === 'all' ? undefined : value })} options={[{ value: 'all', label: t('all') }, { value: 'drift', label: t('catalogue.onlyDrift') }]} />} />
        <DataTable<EventKind>
          label={t('catalogue.title')}
          rows={rows}
          rowKey={(each) => `${each.type}/${each.kind}`}
          problem={catalogue.error}
          retry={() => void catalogue.refetch()}
          onOpen={(each) => write({ kind: each.kind })}
          empty={only === 'drift' ? <Empty title={t('catalogue.noDrift')} hint={t('catalogue.noDriftHint')} /> : <Empty title={t('catalogue.empty')} hint={t('catalogue.emptyHint')} action={first} />}
          columns={[
            { title: t('catalogue.kind'), render: (_, each) => <strong>{each.kind}</strong> },
            { title: t('catalogue.type'), render: (_, each) => <Mark>{each.type}</Mark> },
            { title: t('catalogue.count'), align: 'right', render: (_, each) => <span className="num">{count(each.count)}</span> },
            { title: t('catalogue.first'), render: (_, each) => <span className="num">{instant(each.first_at)}</span> },
            { title: t('catalogue.last'), render: (_, each) => <span className="num">{instant(each.last_at)}</span> },
            { title: t('catalogue.types'), render: (_, each) => drift(each) },
          ]}
          card={(each) => <RowCard title={each.kind} side={count(each.count)} lines={[<span key="d" className="row"><Mark>{each.type}</Mark>{drift(each)}</span>, instant(each.last_at)]} />}
        />
      </Panel>
      {open && <PropertiesDrawer kind={open} onClose={() => write({ kind: undefined })} />}
    </>
  )
}

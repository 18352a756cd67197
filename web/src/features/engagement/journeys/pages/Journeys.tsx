import { PlusOutlined } from '@ant-design/icons'
import { Button, Empty as Nothing, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { FilterBar } from '@/design/FilterBar'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { NewJourney } from '../components/NewJourney'
import { StateMark } from '../components/StateMark'
import { useJourneys } from '../queries'
import type { JourneyRow, JourneyState } from '../types'

const states: JourneyState[] = ['draft', 'running', 'paused', 'stopped']

/** Every journey: whether it runs, how many are in it, how many it has won. */
export function Journeys() {
  const { t } = useTranslation('journeys')
  const { count, share, ago, instant } = useFormat()
  const can = useCan()
  const go = useNavigate()
  const [read, write] = useUrlState()
  const [isNew, setNew] = useState(false)
  const q = read('q')
  const state = states.find((one) => one === read('state'))
  const found = useJourneys({ kinds: ['journey'], state, q })
  const make = can(permissions.journeyWrite) && <Button type="primary" icon={<PlusOutlined />} onClick={() => setNew(true)}>{t('new')}</Button>
  const filters = [q, state].filter(Boolean).length
  const rate = (one: JourneyRow) => (one.entered ? share(one.converted / one.entered) : '–')
  return (
    <>
      <PageHead title={t('title')} subtitle={t('subtitle')} actions={make} />
      <Panel flush>
        <FilterBar active={filters} onClear={() => write({ q: undefined, state: undefined })} trailing={found.total !== null && t('common:total', { total: count(found.total) })}
          search={<Input.Search key={q} defaultValue={q} allowClear placeholder={t('search')} aria-label={t('search')} onSearch={(words) => write({ q: words.trim() || undefined })} />}>
          <Select allowClear aria-label={t('stateLabel')} placeholder={t('stateLabel')} value={state} style={{ minWidth: 120 }} onChange={(value?: string) => write({ state: value })} options={states.map((value) => ({ value, label: t(`state.${value}`) }))} />
        </FilterBar>
        <DataTable<JourneyRow> label={t('title')} rows={found.rows} rowKey={(one) => one.id} problem={found.error} retry={() => void found.refetch()} onOpen={(one) => void go(`/journeys/${one.id}`)}
          empty={filters ? <Nothing style={{ padding: 40 }} description={t('noMatch')} /> : <Empty title={t('none')} hint={t('noneHint')} action={make} />}
          more={{ has: found.hasNextPage, loading: found.isFetchingNextPage, load: () => void found.fetchNextPage() }}
          columns={[
            { title: t('name'), render: (_, one) => <Link to={`/journeys/${one.id}`} tabIndex={-1}><strong>{one.name}</strong></Link> },
            { title: t('stateLabel'), render: (_, one) => <StateMark state={one.state} /> },
            { title: t('version'), align: 'right', render: (_, one) => <span className="num">{one.version || '–'}</span> },
            { title: t('inside'), align: 'right', render: (_, one) => <strong className="num">{count(one.inside)}</strong> },
            { title: t('entered'), align: 'right', render: (_, one) => <span className="num">{count(one.entered)}</span> },
            { title: t('converted'), align: 'right', render: (_, one) => <span className="num">{count(one.converted)} · {rate(one)}</span> },
            { title: t('started'), render: (_, one) => <span className="num">{one.started_at ? instant(one.started_at) : '–'}</span> },
            { title: t('changed'), render: (_, one) => <span className="num" title={instant(one.changed_at, 'second')}>{ago(one.changed_at)}</span> },
          ]}
          card={(one) => <RowCard title={one.name} side={<StateMark state={one.state} />} lines={[`${t('inside')} ${count(one.inside)} · ${t('entered')} ${count(one.entered)} · ${t('converted')} ${rate(one)}`, ago(one.changed_at)]} />} />
      </Panel>
      <NewJourney open={isNew} onClose={() => setNew(false)} />
    </>
  )
}

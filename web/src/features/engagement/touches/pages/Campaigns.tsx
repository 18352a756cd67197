import { PlusOutlined } from '@ant-design/icons'
import { Button, Empty as Nothing, Input, Select } from 'antd'
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

import { CampaignMark } from '../components/marks'
import { paths, states } from '../model'
import { useAudienceChoice, useCampaigns } from '../queries'
import type { Campaign, CampaignKind } from '../types'

/** Campaigns of one kind: messages to customers, into groups, or moments. */
export function Campaigns({ kind }: { kind: CampaignKind }) {
  const { t } = useTranslation('touches')
  const { ago, instant } = useFormat()
  const can = useCan()
  const go = useNavigate()
  const [read, write] = useUrlState()
  const audiences = useAudienceChoice().data?.rows ?? []
  const filter = { kind, q: read('q'), state: states.find((one) => one === read('state')) }
  const found = useCampaigns(filter)
  const root = paths[kind]
  const audience = (one: Campaign) => audiences.find((each) => each.id === one.draft.audience_id)?.name ?? '–'
  const make = can(permissions.campaignWrite) && <Link to={`${root}/new`}><Button type="primary" icon={<PlusOutlined />} tabIndex={-1}>{t(`new.${kind}`)}</Button></Link>
  const active = ['q', 'state'].filter((name) => read(name)).length
  const when = (one: Campaign) => (one.next_at ? t('nextAt', { at: instant(one.next_at) }) : one.launched_at ? t('launchedAt', { at: instant(one.launched_at) }) : '–')
  return (
    <>
      <PageHead title={t(`title.${kind}`)} subtitle={t(`subtitle.${kind}`)} actions={make} />
      <Panel flush>
        <FilterBar active={active} onClear={() => write({ q: undefined, state: undefined })}
          search={<Input.Search key={read('q')} defaultValue={read('q')} allowClear placeholder={t('search')} aria-label={t('search')} onSearch={(words) => write({ q: words.trim() || undefined })} />}>
          <Select allowClear aria-label={t('fields.state')} placeholder={t('fields.state')} value={filter.state} style={{ minWidth: 110 }} onChange={(value?: string) => write({ state: value })} options={states.map((value) => ({ value, label: t(`states.${value}`) }))} />
        </FilterBar>
        <DataTable<Campaign>
          label={t(`title.${kind}`)}
          rows={found.rows}
          rowKey={(one) => one.id}
          problem={found.error}
          retry={() => void found.refetch()}
          onOpen={(one) => void go(`${root}/${one.id}`)}
          empty={active ? <Nothing style={{ padding: 40 }} description={t('noMatch')} /> : <Empty title={t(`empty.${kind}`)} hint={t(`emptyHint.${kind}`)} action={make} />}
          more={{ has: found.hasNextPage, loading: found.isFetchingNextPage, load: () => void found.fetchNextPage() }}
          columns={[
            { title: t('fields.name'), render: (_, one) => <Link to={`${root}/${one.id}`} tabIndex={-1}><strong>{one.draft.name}</strong></Link> },
            { title: t('fields.state'), render: (_, one) => <CampaignMark state={one.state} /> },
            { title: t('fields.channel'), render: (_, one) => t(`channels.${one.draft.channel}`) },
            { title: t('fields.audience'), render: (_, one) => audience(one) },
            { title: t('fields.rhythm'), render: (_, one) => t(`rhythms.${one.draft.schedule.rhythm}`) },
            { title: t('fields.when'), render: (_, one) => <span className="num">{when(one)}</span> },
            { title: t('fields.control'), align: 'right', render: (_, one) => <span className="num">{one.draft.control_basis_points ? `${one.draft.control_basis_points / 100}%` : '–'}</span> },
            { title: t('fields.changed'), render: (_, one) => <span className="num">{ago(one.changed_at)}</span> },
          ]}
          card={(one) => <RowCard title={one.draft.name} side={<CampaignMark state={one.state} />} lines={[`${t(`channels.${one.draft.channel}`)} · ${audience(one)}`, when(one)]} />}
        />
      </Panel>
    </>
  )
}

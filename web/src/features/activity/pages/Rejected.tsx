import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { FilterBar } from '@/design/FilterBar'
import { Mark } from '@/design/Mark'
import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'
import { useUrlState } from '@/lib/url'
import { named } from '@/lib/words'

import { RejectedDrawer } from '../components/RejectedDrawer'
import { useRejected, useReplay } from '../queries'
import type { Rejected as RejectedRow, Replay } from '../types'

export function Rejected() {
  const { t, i18n } = useTranslation('activity')
  const { instant, count } = useFormat()
  const can = useCan()
  const { done, refused } = useNotice()
  const [read, write] = useUrlState()
  const [open, setOpen] = useState<RejectedRow | null>(null)
  const filter = { source: read('source'), code: read('code') }
  const rejected = useRejected(filter)
  const replay = useReplay()
  const again = (body: Replay) => replay.mutate(body, { onSuccess: (outcome) => done(t('rejected.replayed', { good: outcome.accepted + outcome.repeated, bad: outcome.rejected })), onError: refused })
  const ask = (name: 'source' | 'code') => (
    <Input key={name + (filter[name] ?? '')} allowClear defaultValue={filter[name]} placeholder={t(`rejected.${name}`)} aria-label={t(`rejected.${name}`)} style={{ width: 200 }}
      onPressEnter={(event) => write({ [name]: event.currentTarget.value.trim() })} onClear={() => write({ [name]: undefined })} />
  )
  const state = (row: RejectedRow) => (row.replayed_at ? <Mark tone="good">{t('rejected.states.replayed')}</Mark> : <Mark tone="warn">{named(t, 'rejected.states', row.state)}</Mark>)
  const act = (row: RejectedRow) => can(permissions.replay) && !row.replayed_at && (
    <Button size="small" type="link" onClick={(event) => { event.stopPropagation(); again({ ids: [row.id] }) }}>{t('rejected.replay')}</Button>
  )
  const all = can(permissions.replay) && filter.code && <Button type="primary" loading={replay.isPending} onClick={() => again({ code: filter.code })}>{t('rejected.replayCode')}</Button>
  return (
    <>
      <PageHead title={t('rejected.title')} subtitle={t('rejected.subtitle')} actions={all} />
      <Panel flush>
        <FilterBar active={[filter.source, filter.code].filter(Boolean).length} onClear={() => write({ source: undefined, code: undefined })} search={ask('code')}>{ask('source')}</FilterBar>
        <DataTable<RejectedRow>
          label={t('rejected.title')}
          rows={rejected.rows}
          rowKey={(row) => row.id}
          problem={rejected.error}
          retry={() => void rejected.refetch()}
          onOpen={setOpen}
          empty={<Empty title={t('rejected.empty')} hint={t('rejected.emptyHint')} />}
          more={{ has: rejected.hasNextPage, loading: rejected.isFetchingNextPage, load: () => void rejected.fetchNextPage() }}
          columns={[
            { title: t('rejected.why'), render: (_, row) => <>{bilingual(row, i18n.language)}<div className="mono faint">{row.code}</div></> },
            { title: t('rejected.source'), dataIndex: 'source' },
            { title: t('catalogue.type'), render: (_, row) => <Mark>{row.type}</Mark> },
            { title: t('rejected.at'), render: (_, row) => <span className="num">{instant(row.received_at, 'second')}</span> },
            { title: t('rejected.times'), align: 'right', render: (_, row) => count(row.times) },
            { title: t('rejected.state'), render: (_, row) => state(row) },
            { title: '', align: 'right', render: (_, row) => act(row) },
          ]}
          card={(row) => <RowCard title={bilingual(row, i18n.language)} side={state(row)} lines={[<span key="c" className="mono">{row.code}</span>, `${row.source} · ${instant(row.received_at)}`, act(row)]} />}
        />
      </Panel>
      {open && <RejectedDrawer row={open} onClose={() => setOpen(null)} />}
    </>
  )
}

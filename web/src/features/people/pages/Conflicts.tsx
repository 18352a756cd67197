import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { FilterBar } from '@/design/FilterBar'
import { Mark } from '@/design/Mark'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'
import { named } from '@/lib/words'

import { useConflicts } from '../queries'
import type { Conflict } from '../types'

export function Conflicts() {
  const { t } = useTranslation('people')
  const { ago } = useFormat()
  const go = useNavigate()
  const [read, write] = useUrlState()
  const state = read('state') ?? 'open'
  const conflicts = useConflicts(state)
  const who = (conflict: Conflict) => `#${conflict.holder_no} ↔ #${conflict.claimant_no}`
  const mark = (conflict: Conflict) => <Mark tone={conflict.state === 'open' ? 'warn' : 'plain'}>{named(t, 'conflicts.states', conflict.decision ?? conflict.state)}</Mark>
  return (
    <>
      <PageHead title={t('conflicts.title')} subtitle={t('conflicts.subtitle')} />
      <Panel flush>
        <FilterBar
          active={0}
          onClear={() => write({ state: undefined })}
          search={<Segmented value={state} onChange={(value) => write({ state: value === 'open' ? undefined : value })} options={['open', 'decided'].map((value) => ({ value, label: t(`conflicts.${value}`) }))} />}
        />
        <DataTable<Conflict>
          label={t('conflicts.title')}
          rows={conflicts.rows}
          rowKey={(conflict) => conflict.id}
          problem={conflicts.error}
          retry={() => void conflicts.refetch()}
          onOpen={(conflict) => void go(`/conflicts/${conflict.id}`)}
          empty={<Empty title={t(state === 'open' ? 'conflicts.none' : 'conflicts.noneDecided')} hint={t('conflicts.noneHint')} />}
          more={{ has: conflicts.hasNextPage, loading: conflicts.isFetchingNextPage, load: () => void conflicts.fetchNextPage() }}
          columns={[
            { title: t('conflicts.members'), render: (_, conflict) => <strong>{who(conflict)}</strong> },
            { title: t('conflicts.shared'), render: (_, conflict) => <>{named(t, 'kinds', conflict.kind ?? '')} <span className="mono">{conflict.value}</span></> },
            { title: t('conflicts.why'), render: (_, conflict) => named(t, 'conflicts.reasons', conflict.reason) },
            { title: t('conflicts.state'), render: (_, conflict) => mark(conflict) },
            { title: t('conflicts.since'), render: (_, conflict) => `${ago(conflict.last_at)}${conflict.times > 1 ? ` × ${conflict.times}` : ''}` },
          ]}
          card={(conflict) => <RowCard title={who(conflict)} side={mark(conflict)} lines={[`${named(t, 'kinds', conflict.kind ?? '')} ${conflict.value}`, ago(conflict.opened_at)]} />}
        />
      </Panel>
    </>
  )
}

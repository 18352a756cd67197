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
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'
import { named } from '@/lib/words'

import { ProposePanel } from '../components/ProposePanel'
import { useConflicts } from '../queries'
import type { Conflict } from '../types'

export function Conflicts() {
  const { t } = useTranslation('people')
  const { ago, share } = useFormat()
  const can = useCan()
  const go = useNavigate()
  const [read, write] = useUrlState()
  const state = read('state') ?? 'open'
  const conflicts = useConflicts(state)
  const who = (conflict: Conflict) => `#${conflict.holder_no} ↔ #${conflict.claimant_no}`
  const mark = (conflict: Conflict) => <Mark tone={conflict.state === 'open' ? 'warn' : 'plain'}>{named(t, 'conflicts.states', conflict.decision ?? conflict.state)}</Mark>
  const shared = (conflict: Conflict) =>
    conflict.kind ? <>{named(t, 'kinds', conflict.kind)} <span className="mono">{conflict.value}</span></> : t('likely.probability', { share: share(conflict.probability) })
  return (
    <>
      <PageHead title={t('conflicts.title')} subtitle={t('conflicts.subtitle')} />
      {can(permissions.decide) && can(permissions.pii) && <div style={{ marginBottom: 16 }}><ProposePanel jobId={read('job')} onStart={(job) => write({ job })} /></div>}
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
            { title: t('conflicts.shared'), render: (_, conflict) => shared(conflict) },
            { title: t('conflicts.why'), render: (_, conflict) => named(t, 'conflicts.reasons', conflict.reason) },
            { title: t('conflicts.state'), render: (_, conflict) => mark(conflict) },
            { title: t('conflicts.since'), render: (_, conflict) => `${ago(conflict.last_at)}${conflict.times > 1 ? ` × ${conflict.times}` : ''}` },
          ]}
          card={(conflict) => <RowCard title={who(conflict)} side={mark(conflict)} lines={[shared(conflict), ago(conflict.opened_at)]} />}
        />
      </Panel>
    </>
  )
}

import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'

import { Mark } from '@/design/Mark'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { Waiting } from '@/design/Waiting'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { named } from '@/lib/words'

import { ConflictSide } from '../components/ConflictSide'
import { DecisionPanel } from '../components/DecisionPanel'
import { EvidencePanel } from '../components/EvidencePanel'
import { useConflict } from '../queries'

export function ConflictPage() {
  const { id = '' } = useParams()
  const { t } = useTranslation('people')
  const { instant } = useFormat()
  const can = useCan()
  const conflict = useConflict(id)
  if (conflict.error) return <ProblemNote problem={conflict.error} retry={() => void conflict.refetch()} />
  if (!conflict.data) return <Waiting />
  const { conflict: known, holder, claimant } = conflict.data
  return (
    <>
      <PageHead
        back={{ to: '/conflicts', label: t('conflicts.title') }}
        name={t('conflicts.one')}
        title={<>{t('conflicts.one')}<Mark tone={known.state === 'open' ? 'warn' : 'plain'}>{named(t, 'conflicts.states', known.decision ?? known.state)}</Mark></>}
        subtitle={known.kind
          ? t('conflicts.oneSubtitle', { kind: named(t, 'kinds', known.kind), value: known.value, at: instant(known.opened_at) })
          : t('likely.subtitle', { at: instant(known.last_at) })}
      />
      <div className="stack">
        {known.fields.length > 0 && <EvidencePanel evidence={conflict.data} />}
        <div className="two">
          <ConflictSide side={holder} other={claimant} shared={known.value} letter="A" />
          <ConflictSide side={claimant} other={holder} shared={known.value} letter="B" />
        </div>
        {known.state === 'open' && can(permissions.decide) && <DecisionPanel evidence={conflict.data} />}
        {known.state !== 'open' && <Panel title={t('conflicts.decided')}>{instant(known.decided_at)} · {known.decided_by} · {known.decision_reason || '–'}</Panel>}
      </div>
    </>
  )
}

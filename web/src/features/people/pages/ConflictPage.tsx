import { Spin } from 'antd'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'

import { Mark } from '@/design/Mark'
import { PageHead } from '@/design/PageHead'
import { ProblemNote } from '@/design/ProblemNote'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { named } from '@/lib/words'

import { ConflictSide } from '../components/ConflictSide'
import { DecisionPanel } from '../components/DecisionPanel'
import { useConflict } from '../queries'

export function ConflictPage() {
  const { id = '' } = useParams()
  const { t } = useTranslation('people')
  const { instant } = useFormat()
  const can = useCan()
  const conflict = useConflict(id)
  if (conflict.error) return <ProblemNote problem={conflict.error} retry={() => void conflict.refetch()} />
  if (!conflict.data) return <Spin style={{ display: 'block', marginTop: 80 }} />
  const known = conflict.data
  return (
    <>
      <PageHead
        back={{ to: '/conflicts', label: t('conflicts.title') }}
        name={t('conflicts.one')}
        title={<>{t('conflicts.one')}<Mark tone={known.state === 'open' ? 'warn' : 'plain'}>{named(t, 'conflicts.states', known.state)}</Mark></>}
        subtitle={t('conflicts.oneSubtitle', { kind: named(t, 'kinds', known.kind), value: known.value_masked, at: instant(known.created_at) })}
      />
      <div className="stack">
        <div className="two">
          {known.sides.map((side, index) => <ConflictSide key={side.id} side={side} other={known.sides[1 - index]} shared={known.value_masked} letter={index === 0 ? 'A' : 'B'} />)}
        </div>
        {known.state === 'open' && can(permissions.decide) && <DecisionPanel conflict={known} />}
      </div>
    </>
  )
}

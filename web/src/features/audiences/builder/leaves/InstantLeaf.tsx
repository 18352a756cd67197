import { useTranslation } from 'react-i18next'

import { CompareField } from '../fields/CompareField'
import { EventField } from '../fields/EventField'
import { WhereField } from '../fields/WhereField'
import { WindowField } from '../fields/WindowField'
import { comparisonOf, instantOps, withComparison, withWindow } from '../leaf'
import type { LeafProps } from './types'

/** When something was done for the last or for the first time. */
export function InstantLeaf({ leaf, onChange }: LeafProps) {
  const { t } = useTranslation('audiences')
  const which = 'last' in leaf ? 'last' : 'first'
  const comparison = comparisonOf(leaf, true)
  const event = String(leaf[which] ?? '')
  return (
    <>
      <EventField value={event} onChange={(name) => onChange({ ...leaf, [which]: name })} />
      <CompareField kinds={[]} ops={instantOps} none={t('builder.inWindow')} value={comparison}
        onChange={(next) => onChange(withComparison(next ? withWindow(leaf, { kind: 'ever' }) : withWindow(leaf, { kind: 'rolling', within: '30d' }), next, true))} />
      {!comparison && <WindowField leaf={leaf} onChange={onChange} />}
      <WhereField leaf={leaf} event={event} onChange={onChange} />
    </>
  )
}

import { useTranslation } from 'react-i18next'

import { CompareField } from '../fields/CompareField'
import { EventField } from '../fields/EventField'
import { MeasureField } from '../fields/MeasureField'
import { WhereField } from '../fields/WhereField'
import { WindowField } from '../fields/WindowField'
import { comparisonOf, measureOf, needsProperty, numberOps, withComparison } from '../leaf'
import type { LeafProps } from './types'

/** How often, on how many days, or how much of something was done in a window. */
export function DidLeaf({ leaf, onChange }: LeafProps) {
  const { t } = useTranslation('audiences')
  const event = String(leaf.did ?? '')
  const measure = measureOf(leaf)
  const none = needsProperty(measure.kind) || measure.kind === 'days' ? undefined : t('builder.once')
  return (
    <>
      <WindowField leaf={leaf} onChange={onChange} />
      <EventField value={event} onChange={(did) => onChange({ ...leaf, did })} />
      <MeasureField leaf={leaf} event={event} onChange={onChange} />
      <CompareField kinds={['number']} ops={numberOps} none={none} value={comparisonOf(leaf, true)} onChange={(next) => onChange(withComparison(leaf, next, true))} />
      <WhereField leaf={leaf} event={event} onChange={onChange} />
    </>
  )
}

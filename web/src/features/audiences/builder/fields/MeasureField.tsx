import { Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { measureOf, measures, needsProperty, withMeasure, type Leaf, type Measure } from '../leaf'
import { PropertyField } from './PropertyField'

type Props = { leaf: Leaf; event: string; onChange: (leaf: Leaf) => void }

/** What is computed of the events: how often, on how many days, or a figure of a property. */
export function MeasureField({ leaf, event, onChange }: Props) {
  const { t } = useTranslation('audiences')
  const measure = measureOf(leaf)
  return (
    <>
      <Select aria-label={t('builder.measure')} value={measure.kind} style={{ width: 92 }} popupMatchSelectWidth={180}
        onChange={(kind: Measure['kind']) => onChange(withMeasure(leaf, { kind, property: measure.property || (kind === 'distinct' ? '' : 'total') }))}
        options={measures.map((kind) => ({ value: kind, label: t(`measures.${kind}`) }))} />
      {needsProperty(measure.kind) && (
        <PropertyField numbers={measure.kind !== 'distinct'} event={event} value={measure.property} onChange={(property) => onChange(withMeasure(leaf, { ...measure, property }))} />
      )}
    </>
  )
}

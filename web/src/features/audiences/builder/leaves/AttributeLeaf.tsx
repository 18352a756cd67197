import { useTranslation } from 'react-i18next'

import { CompareField, opsFor } from '../fields/CompareField'
import { PickName } from '../fields/PickName'
import type { ValueKind } from '../fields/ValueField'
import { useBuilding } from '../context'
import { comparisonOf, sealedOps, valueFor, withComparison } from '../leaf'
import { useTexts } from '../useTexts'
import type { LeafProps } from './types'

const dates = /(birthday|_at|_on|date)$/

/** What is known of a member: the last value of an attribute. */
export function AttributeLeaf({ leaf, onChange }: LeafProps) {
  const { t } = useTranslation('audiences')
  const { vocabulary } = useBuilding()
  const texts = useTexts()
  const name = String(leaf.attribute ?? '')
  const kindsOf = (attribute: string): ValueKind[] => {
    if (attribute === 'identified') return ['boolean']
    if (dates.test(attribute)) return ['instant']
    return (vocabulary.attributes.find((each) => each.name === attribute)?.kinds ?? []).filter((kind): kind is ValueKind => ['text', 'number', 'boolean', 'list', 'instant'].includes(kind))
  }
  const isSealed = vocabulary.attributes.find((each) => each.name === name)?.kinds.includes('sealed') ?? false
  const choose = (attribute: string) => {
    const [op = 'is'] = opsFor(kindsOf(attribute))
    onChange({ attribute, [op]: valueFor(op, undefined, kindsOf(attribute)[0] ?? 'text') })
  }
  const known = vocabulary.attributes.some((each) => each.name === 'identified') ? vocabulary.attributes : [...vocabulary.attributes, { name: 'identified', kinds: ['boolean'] }]
  return (
    <>
      <PickName adds value={name} label={t('leaves.attribute')} options={known.map((each) => ({ value: each.name, label: texts.attribute(each.name) }))} onChange={choose} />
      <CompareField kinds={kindsOf(name)} ops={isSealed ? sealedOps : undefined} value={comparisonOf(leaf)} onChange={(next) => onChange(withComparison(leaf, next))} />
    </>
  )
}

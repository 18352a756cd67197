import { QuestionCircleOutlined } from '@ant-design/icons'
import { Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'

import { bilingual } from '@/lib/text'

import type { VocabularyTrait } from '../../types'
import { useBuilding } from '../context'
import { CompareField, opsFor } from '../fields/CompareField'
import { PickName } from '../fields/PickName'
import type { ValueChoice, ValueKind } from '../fields/ValueField'
import { comparisonOf, listOps, textOps, valueFor, withComparison, type Op } from '../leaf'
import type { LeafProps } from './types'

const UNITS = 'people.home_unit'
const kindOf = (trait: VocabularyTrait | undefined) => (trait?.kind ?? 'text') as ValueKind

/** What the system works out of a member: stage, RFM, orders. */
export function TraitLeaf({ leaf, onChange }: LeafProps) {
  const { t, i18n } = useTranslation('audiences')
  const { vocabulary } = useBuilding()
  const name = String(leaf.trait ?? '')
  const found = vocabulary.traits.find((each) => each.name === name)
  const choicesOf = (trait: VocabularyTrait | undefined): ValueChoice[] | undefined =>
    trait?.name === UNITS ? vocabulary.units.map((unit) => ({ value: unit.id, label: unit.name })) : trait?.choices?.map((choice) => ({ value: choice.value, label: bilingual(choice, i18n.language) || choice.value }))
  const opsOf = (trait: VocabularyTrait | undefined): Op[] => {
    const kind = kindOf(trait)
    if (kind === 'text' && choicesOf(trait)?.length) return ['in', 'not_in', 'is', 'is_not', 'exists', 'missing']
    return kind === 'text' ? textOps : kind === 'list' ? listOps : opsFor([kind])
  }
  const choose = (trait: string) => {
    const next = vocabulary.traits.find((each) => each.name === trait)
    const [op = 'is'] = opsOf(next)
    onChange({ trait, [op]: valueFor(op, undefined, kindOf(next)) })
  }
  const help = found && bilingual({ zh: found.help_zh, en: found.help_en }, i18n.language)
  return (
    <>
      <PickName value={name} label={t('leaves.trait')} options={vocabulary.traits.map((each) => ({ value: each.name, label: bilingual(each, i18n.language) }))} onChange={choose} />
      {help && <Tooltip title={help} trigger={['hover', 'focus', 'click']}><QuestionCircleOutlined tabIndex={0} className="faint" aria-label={help} /></Tooltip>}
      <CompareField kinds={[kindOf(found)]} ops={opsOf(found)} choices={choicesOf(found)} value={comparisonOf(leaf)} onChange={(next) => onChange(withComparison(leaf, next))} />
    </>
  )
}

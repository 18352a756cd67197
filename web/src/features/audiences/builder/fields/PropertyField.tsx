import { useTranslation } from 'react-i18next'

import { useBuilding } from '../context'
import { useWords } from '../words'
import { PickName } from './PickName'
import type { ValueKind } from './ValueField'

const known: ValueKind[] = ['text', 'number', 'boolean', 'instant', 'list']

/** The kinds of value that a property of an event was seen with. */
export function useKinds(event: string): (property: string) => ValueKind[] {
  const { vocabulary } = useBuilding()
  const properties = vocabulary.events.find((each) => each.name === event)?.properties ?? []
  return (property) => (properties.find((each) => each.name === property)?.types ?? []).filter((type): type is ValueKind => known.includes(type as ValueKind))
}

/** A property of an event; `numbers` puts those first that hold numbers. */
export function PropertyField({ event, value, onChange, numbers }: { event: string; value: string; onChange: (value: string) => void; numbers?: boolean }) {
  const { t } = useTranslation('audiences')
  const { vocabulary } = useBuilding()
  const words = useWords()
  const properties = vocabulary.events.find((each) => each.name === event)?.properties ?? []
  const shown = numbers ? properties.filter((each) => each.types.includes('number')) : properties
  const options = shown.map((each) => ({ value: each.name, label: words.property(each.name), note: each.types.map((type) => t(`types.${type}`, { defaultValue: type })).join('/') }))
  return <PickName adds value={value} onChange={onChange} options={options} label={t('builder.property')} width={130} />
}

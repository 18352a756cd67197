import { useTranslation } from 'react-i18next'

import { useFormat } from '@/lib/session'

import { useBuilding } from '../context'
import { useWords } from '../words'
import { PickName } from './PickName'

/** A kind of event, the most frequent first. */
export function EventField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation('audiences')
  const { vocabulary } = useBuilding()
  const { count } = useFormat()
  const words = useWords()
  const options = vocabulary.events.map((each) => ({ value: each.name, label: words.event(each.name), note: count(each.count) }))
  return <PickName adds value={value} onChange={onChange} options={options} label={t('builder.event')} />
}

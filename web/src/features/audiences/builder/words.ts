import { useTranslation } from 'react-i18next'

import { named } from '@/lib/words'

/** The words for what brands send: events, properties and attributes, the same as on a customer's page. */
export function useWords() {
  const { t } = useTranslation('people')
  const event = (name: string) => named(t, 'events', name)
  const single = (name: string) => named(t, 'props', name)
  /** `lines[].sku` is told as "products · article". */
  const property = (name: string) => name.split('[].').map(single).join(' · ')
  return { event, property }
}

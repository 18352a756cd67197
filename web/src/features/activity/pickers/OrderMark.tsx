import { useTranslation } from 'react-i18next'

import { Mark, type Tone } from '@/design/Mark'
import { named } from '@/lib/words'

const tones: Record<string, Tone> = { placed: 'warn', paid: 'good', shipped: 'busy', completed: 'good', cancelled: 'plain' }

/** The state of an order, alike wherever orders are shown. */
export function OrderMark({ state }: { state: string }) {
  const { t } = useTranslation('activity')
  return <Mark tone={tones[state] ?? 'plain'}>{named(t, 'orders.states', state)}</Mark>
}

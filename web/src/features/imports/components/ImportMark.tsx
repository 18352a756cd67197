import { useTranslation } from 'react-i18next'

import { Mark, type Tone } from '@/design/Mark'
import { named } from '@/lib/words'

const tones: Record<string, Tone> = { uploaded: 'warn', running: 'busy', done: 'good', failed: 'bad', undoing: 'busy', undone: 'plain' }

export function ImportMark({ state }: { state: string }) {
  const { t } = useTranslation('imports')
  return <Mark tone={tones[state] ?? 'plain'}>{named(t, 'states', state)}</Mark>
}

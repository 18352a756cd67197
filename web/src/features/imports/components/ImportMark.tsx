import { useTranslation } from 'react-i18next'

import { Mark, type Tone } from '@/design/Mark'

const tones: Record<string, Tone> = { uploaded: 'warn', checked: 'warn', queued: 'busy', running: 'busy', finished: 'good', failed: 'bad', undoing: 'busy', undone: 'plain' }

export function ImportMark({ state }: { state: string }) {
  const { t } = useTranslation('imports')
  return <Mark tone={tones[state] ?? 'plain'}>{t(`states.${state}`, { defaultValue: state })}</Mark>
}

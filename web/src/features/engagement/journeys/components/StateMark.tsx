import { useTranslation } from 'react-i18next'

import { Mark, type Tone } from '@/design/Mark'

import type { JourneyState } from '../types'

const tones: Record<JourneyState, Tone> = { draft: 'plain', running: 'good', paused: 'warn', stopped: 'plain' }

/** Where a journey stands. */
export function StateMark({ state }: { state: JourneyState }) {
  const { t } = useTranslation('journeys')
  return <Mark tone={tones[state]}>{t(`state.${state}`)}</Mark>
}

import { useTranslation } from 'react-i18next'

import { Mark } from '@/design/Mark'
import { named } from '@/lib/words'

import { fateTones, stateTones } from '../model'
import type { CampaignState, Fate } from '../types'

/** How far a campaign is, alike wherever it is shown. */
export function CampaignMark({ state }: { state: CampaignState }) {
  const { t } = useTranslation('touches')
  return <Mark tone={stateTones[state]}>{t(`states.${state}`)}</Mark>
}

/** How far a touch came, with the reason where it did not. */
export function FateMark({ fate, reason }: { fate: Fate; reason?: string }) {
  const { t } = useTranslation('touches')
  return (
    <span className="row" style={{ gap: 6 }}>
      <Mark tone={fateTones[fate]}>{t(`fates.${fate}`)}</Mark>
      {reason && <small className="soft">{named(t, 'reasons', reason)}</small>}
    </span>
  )
}

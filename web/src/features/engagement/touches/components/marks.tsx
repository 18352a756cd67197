import { useTranslation } from 'react-i18next'

import { Mark } from '@/design/Mark'

import { fateTones, stateTones } from '../model'
import type { CampaignState, Fate } from '../types'
import { useReasonWords } from '../words'

/** How far a campaign is, alike wherever it is shown. */
export function CampaignMark({ state }: { state: CampaignState }) {
  const { t } = useTranslation('touches')
  return <Mark tone={stateTones[state]}>{t(`states.${state}`)}</Mark>
}

/** How far a touch came, with the reason where it did not. */
export function FateMark({ fate, reason }: { fate: Fate; reason?: string }) {
  const { t } = useTranslation('touches')
  const words = useReasonWords()
  return (
    <span className="row" style={{ gap: 6 }}>
      <Mark tone={fateTones[fate]}>{t(`fates.${fate}`)}</Mark>
      {reason && <small className="soft">{words(reason)}</small>}
    </span>
  )
}

/** Who sends: by name, with the id in WeCom beside it. */
export function Sender({ one }: { one: { sender: string; sender_name: string } }) {
  if (!one.sender) return <>–</>
  return <span>{one.sender_name || one.sender} {one.sender_name && one.sender_name !== one.sender && <small className="faint">{one.sender}</small>}</span>
}

import { useTranslation } from 'react-i18next'

import { Mark } from '@/design/Mark'
import { useFormat } from '@/lib/session'

import { transferTones } from '../words'

/** How many customers of a hand-over stand where. */
export function TransferCounts({ counts }: { counts: Record<string, number> }) {
  const { t } = useTranslation('channels')
  const { count } = useFormat()
  const shown = Object.entries(counts).filter(([, number]) => number > 0)
  if (shown.length === 0) return <span className="faint">–</span>
  return <span className="row" style={{ gap: 4 }}>{shown.map(([state, number]) => <Mark key={state} tone={transferTones[state]}>{t(`transfers.states.${state}`, { defaultValue: state })} {count(number)}</Mark>)}</span>
}

import { Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'

import { Mark, type Tone } from '@/design/Mark'
import { useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'

import type { AudienceRow } from '../types'

const tones: Record<AudienceRow['state'], Tone> = { ready: 'good', stale: 'warn', broken: 'bad' }

/** Whether the members are those of the definition; why not, on hover. */
export function StateMark({ audience }: { audience: AudienceRow }) {
  const { t, i18n } = useTranslation('audiences')
  const { ago } = useFormat()
  if (audience.is_list) return <Mark>{t('states.list')}</Mark>
  const why = audience.problem ? bilingual(audience.problem as { zh?: string; en?: string }, i18n.language) : audience.failed_since ? t('states.since', { age: ago(audience.failed_since) }) : ''
  return <Tooltip title={why}><span tabIndex={why ? 0 : undefined}><Mark tone={tones[audience.state]}>{t(`states.${audience.state}`)}</Mark></span></Tooltip>
}

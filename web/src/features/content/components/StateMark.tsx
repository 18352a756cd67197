import { useTranslation } from 'react-i18next'

import { Mark } from '@/design/Mark'

import type { Material } from '../types'

/** Whether a material can be sent, and where its newest version stands. */
export function StateMark({ material }: { material: Material }) {
  const { t } = useTranslation('content')
  if (material.state === 'retired') return <Mark>{t('states.retired')}</Mark>
  const newer = material.latest > material.version
  return (
    <span className="row" style={{ gap: 4 }}>
      {material.version > 0 && <Mark tone="good">{t('states.sent', { number: material.version })}</Mark>}
      {newer && material.latest_state === 'waiting' && <Mark tone="warn">{t('states.waiting')}</Mark>}
      {newer && material.latest_state === 'rejected' && <Mark tone="bad">{t('states.rejected')}</Mark>}
      {newer && material.latest_state === 'draft' && <Mark>{t('states.draft')}</Mark>}
    </span>
  )
}

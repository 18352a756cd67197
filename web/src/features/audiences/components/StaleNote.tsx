import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'

import { useFormat } from '@/lib/session'

import { useTicks } from '../queries'

/** Says that audiences are no longer kept up, and since when; nothing while all is well. */
export function StaleNote() {
  const { t } = useTranslation('audiences')
  const { ago, instant } = useFormat()
  const since = useTicks().data?.stale_since
  if (!since) return null
  return <Alert type="warning" showIcon role="alert" title={t('stale.title', { age: ago(since) })} description={t('stale.hint', { at: instant(since) })} style={{ marginBottom: 16 }} data-testid="stale" />
}

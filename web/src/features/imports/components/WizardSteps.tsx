import { Steps } from 'antd'
import { useTranslation } from 'react-i18next'

import { useIsPhone } from '@/design/media'

export function WizardSteps({ at, failed }: { at: number; failed?: boolean }) {
  const { t } = useTranslation('imports')
  const isPhone = useIsPhone()
  if (isPhone) return <p className="soft" style={{ marginBottom: 12 }}>{t('stepOf', { at: at + 1, name: t(`steps.${at}`) })}</p>
  return (
    <Steps size="small" current={at} status={failed ? 'error' : undefined} style={{ marginBottom: 24, maxWidth: 860 }}
      items={[0, 1, 2, 3, 4].map((step) => ({ title: t(`steps.${step}`) }))} />
  )
}

import { Button, Result } from 'antd'
import { useTranslation } from 'react-i18next'
import { useRouteError } from 'react-router'

/** A page that failed to load or to draw. After an upgrade old chunks are gone: reloading mends that. */
export function Broken() {
  const { t } = useTranslation()
  const failure = useRouteError()
  return (
    <Result
      status="warning"
      title={t('broken.title')}
      subTitle={failure instanceof Error ? failure.message : t('broken.hint')}
      extra={<Button type="primary" onClick={() => window.location.reload()}>{t('broken.reload')}</Button>}
    />
  )
}

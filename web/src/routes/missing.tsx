import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Empty } from '@/design/Empty'
import { Panel } from '@/design/Panel'

export function Component() {
  const { t } = useTranslation()
  return (
    <Panel>
      <Empty title={t('missing.title')} hint={t('missing.hint')} action={<Link to="/"><Button type="primary">{t('missing.home')}</Button></Link>} />
    </Panel>
  )
}

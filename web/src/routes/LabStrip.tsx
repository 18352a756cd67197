import { ClockCircleOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { useIsPhone } from '@/design/phone'
import { useFormat, useSession } from '@/lib/session'

/** In lab mode the clock is virtual: say so on every page. */
export function LabStrip() {
  const { t } = useTranslation()
  const { now } = useSession()
  const { instant } = useFormat()
  const isPhone = useIsPhone()
  return (
    <Link to="/settings?tab=lab">
      <Button size="small" icon={<ClockCircleOutlined />} title={t('labClock')}>{instant(now, isPhone ? 'day' : 'minute')}</Button>
    </Link>
  )
}

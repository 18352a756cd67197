import { CaretRightOutlined, ClockCircleOutlined, PauseOutlined } from '@ant-design/icons'
import { Button, Space } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { useIsPhone } from '@/design/media'
import { useMoveClock } from '@/features/console/queries'
import { useFormat, useSession } from '@/lib/session'

// Five minutes every two seconds: a working day passes in a few minutes, and every arrival can be watched.
const stride = '5m'
const pauseMillis = 2_000

/** In lab mode the clock is virtual: say so on every page, and let time run to watch what happens. */
export function LabStrip() {
  const { t } = useTranslation()
  const { now } = useSession()
  const { instant } = useFormat()
  const isPhone = useIsPhone()
  const [isRunning, setRunning] = useState(false)
  const { mutate, isPending } = useMoveClock()
  useEffect(() => {
    if (!isRunning || isPending) return
    const timer = setTimeout(() => mutate({ advance: stride }, { onError: () => setRunning(false) }), pauseMillis)
    return () => clearTimeout(timer)
  }, [isRunning, isPending, mutate])
  const words = t(isRunning ? 'labPause' : 'labRun')
  return (
    <Space.Compact size="small">
      <Link to="/settings?tab=lab">
        <Button size="small" icon={<ClockCircleOutlined />} title={t('labClock')}>{instant(now, isPhone ? 'day' : 'minute')}</Button>
      </Link>
      <Button size="small" type={isRunning ? 'primary' : 'default'} icon={isRunning ? <PauseOutlined /> : <CaretRightOutlined />} title={words} aria-label={words} onClick={() => setRunning(!isRunning)} />
    </Space.Compact>
  )
}

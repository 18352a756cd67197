import { PauseCircleOutlined, PlayCircleOutlined, StopOutlined } from '@ant-design/icons'
import { Button, Popconfirm } from 'antd'
import { useTranslation } from 'react-i18next'

import { useNotice } from '@/design/notice'

import { usePause, useResume, useStop } from '../queries'
import type { Journey } from '../types'

/** Pausing, going on, stopping. */
export function RunActions({ journey }: { journey: Journey }) {
  const { t } = useTranslation('journeys')
  const { done, refused } = useNotice()
  const [pause, resume, stop] = [usePause(), useResume(), useStop()]
  const told = (word: string) => ({ onSuccess: () => done(t(word)), onError: refused })
  if (journey.state !== 'running' && journey.state !== 'paused') return null
  return (
    <>
      <Popconfirm title={t('stopSure')} description={t('stopHint')} onConfirm={() => stop.mutate(journey.id, told('stopped'))}>
        <Button danger icon={<StopOutlined />} loading={stop.isPending}>{t('stop')}</Button>
      </Popconfirm>
      {journey.state === 'running'
        ? <Button icon={<PauseCircleOutlined />} loading={pause.isPending} onClick={() => pause.mutate(journey.id, told('paused'))}>{t('pause')}</Button>
        : <Button type="primary" icon={<PlayCircleOutlined />} loading={resume.isPending} onClick={() => resume.mutate(journey.id, told('resumed'))}>{t('resume')}</Button>}
    </>
  )
}

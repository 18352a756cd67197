import { Tag, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'

import type { Standing } from '../types'

const tones: Record<Standing, string> = { ready: 'success', making: 'processing', behind: 'warning', empty: 'error', gone: 'default' }

/** Where a code stands at the platform, with what that means. */
export function StandingMark({ standing, problem }: { standing: Standing; problem?: string }) {
  const { t } = useTranslation('codes')
  const code = problem && /^\d+$/.test(problem) ? t('errorCode', { code: problem }) : ''
  return (
    <Tooltip title={<>{t(`standingHelp.${standing}`)} {code}</>} trigger={['hover', 'focus']}>
      <Tag color={tones[standing]} tabIndex={0}>{t(`standing.${standing}`)}</Tag>
    </Tooltip>
  )
}

import { useTranslation } from 'react-i18next'

import { Mark } from '@/design/Mark'

import { wechat } from '../options'
import type { Account } from '../types'

/** Whether an account can be used. */
export function AccountMark({ account }: { account: Account }) {
  const { t } = useTranslation('channels')
  if (account.state === 'paused') return <Mark>{t('account.paused')}</Mark>
  if (account.problem_code) return <Mark tone="bad">{t('account.refused', { code: account.problem_code })}</Mark>
  if (wechat.includes(account.kind) && !account.has_callback) return <Mark tone="warn">{t('account.noCallback')}</Mark>
  return <Mark tone="good">{t('account.active')}</Mark>
}

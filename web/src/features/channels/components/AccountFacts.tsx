import { useTranslation } from 'react-i18next'

import { Facts } from '@/design/Facts'
import { Panel } from '@/design/Panel'
import { Secret } from '@/design/Secret'
import { useFormat } from '@/lib/session'

import type { Account } from '../types'
import { callbackAddress } from '../words'

/** What an administrator copies into the platform's own pages, and what is known of the account. */
export function AccountFacts({ account }: { account: Account }) {
  const { t } = useTranslation('channels')
  const { instant } = useFormat()
  return (
    <div className="two">
      <Panel title={t('facts.callback')}>
        <p className="soft" style={{ marginBottom: 10 }}>{t(`facts.callbackHow.${account.kind}`)}</p>
        <Secret text={callbackAddress(window.location.origin, account.callback_path)} label={t('facts.callback')} />
        <p className="soft" style={{ marginTop: 12 }}>{t(account.has_callback ? 'facts.callbackSet' : 'facts.callbackMissing')}</p>
      </Panel>
      <Panel title={t('facts.title')}>
        <Facts facts={[
          { label: t('account.kind'), value: t(`kinds.${account.kind}`) },
          { label: t('account.corpId'), value: <span className="mono">{account.corp_id}</span> },
          account.agent_id !== '' && { label: 'AgentId', value: <span className="mono">{account.agent_id}</span> },
          { label: 'Secret', value: t(account.has_secret ? 'facts.sealed' : 'facts.missing') },
          { label: t('account.host'), value: <span className="mono">{account.host}</span> },
          { label: t('account.checked'), value: instant(account.checked_at) },
          { label: t('account.created'), value: instant(account.created_at) },
        ]} />
      </Panel>
    </div>
  )
}

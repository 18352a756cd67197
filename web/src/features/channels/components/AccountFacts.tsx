import { useTranslation } from 'react-i18next'

import { Facts } from '@/design/Facts'
import { Panel } from '@/design/Panel'
import { Secret } from '@/design/Secret'
import { useFormat } from '@/lib/session'

import { wechat } from '../options'
import type { Account } from '../types'
import { callbackAddress } from '../words'

/** What an administrator copies into the platform's own pages, and what is known of the account. */
export function AccountFacts({ account }: { account: Account }) {
  const { t } = useTranslation('channels')
  const { instant } = useFormat()
  return (
    <div className="two">
      {wechat.includes(account.kind) || account.kind === 'pay' ? <CallbackAddress account={account} /> : <ReceiptAddresses account={account} />}
      <Panel title={t('facts.title')}>
        <Facts facts={[
          { label: t('account.kind'), value: t(`kinds.${account.kind}`) },
          { label: t(`connect.idName.${account.kind}`, { defaultValue: t('account.corpId') }), value: <span className="mono">{account.corp_id}</span> },
          account.agent_id !== '' && { label: 'AgentId', value: <span className="mono">{account.agent_id}</span> },
          ...Object.entries(account.options).map(([name, value]) => ({ label: t(`connect.options.${name}`, { defaultValue: name }), value: t(`connect.choices.${name}.${value}`, { defaultValue: value }) })),
          { label: 'Secret', value: t(account.has_secret ? 'facts.sealed' : 'facts.missing') },
          account.host !== '' && { label: t('account.host'), value: <span className="mono">{account.host}</span> },
          { label: t('account.checked'), value: instant(account.checked_at) },
          { label: t('account.created'), value: instant(account.created_at) },
        ]} />
      </Panel>
    </div>
  )
}

function CallbackAddress({ account }: { account: Account }) {
  const { t } = useTranslation('channels')
  return (
    <Panel title={t('facts.callback')}>
      <p className="soft" style={{ marginBottom: 10 }}>{t(`facts.callbackHow.${account.kind}`)}</p>
      <Secret text={callbackAddress(window.location.origin, account.callback_path)} label={t('facts.callback')} />
      <p className="soft" style={{ marginTop: 12 }}>{t(account.has_callback ? 'facts.callbackSet' : 'facts.callbackMissing')}</p>
    </Panel>
  )
}

/** Where a vendor posts what became of messages and what people wrote back. */
function ReceiptAddresses({ account }: { account: Account }) {
  const { t } = useTranslation('channels')
  const paths = Object.entries(account.receipt_paths)
  return (
    <Panel title={t('facts.receipts')}>
      {paths.length === 0 && <p className="soft">{t('facts.noReceipts')}</p>}
      {paths.map(([what, path]) => (
        <div key={what} style={{ marginBottom: 12 }}>
          <p className="soft" style={{ marginBottom: 6 }}>{t(`facts.receiptHow.${what}`)}</p>
          <Secret text={callbackAddress(window.location.origin, path)} label={t(`facts.receiptHow.${what}`)} />
        </div>
      ))}
    </Panel>
  )
}

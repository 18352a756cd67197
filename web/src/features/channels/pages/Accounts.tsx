import { LinkOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Mark } from '@/design/Mark'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { AccountMark } from '../components/AccountMark'
import { ConnectDrawer } from '../components/ConnectDrawer'
import { SimulatorButton } from '../components/SimulatorButton'
import { useAccounts } from '../queries'
import type { Account } from '../types'
import { wechat } from '../options'
import { isStandIn } from '../words'

/** How this brand reaches its customers: corps, official accounts and mini programs that are connected. */
export function Accounts() {
  const { t } = useTranslation('channels')
  const { ago, instant } = useFormat()
  const can = useCan()
  const go = useNavigate()
  const accounts = useAccounts()
  const [connecting, setConnecting] = useState(false)
  const mayWrite = can(permissions.accountWrite)
  const connect = mayWrite && <Button type="primary" icon={<LinkOutlined />} onClick={() => setConnecting(true)}>{t('connect.title')}</Button>
  const name = (account: Account) => <span className="row" style={{ gap: 6 }}><strong>{account.name}</strong>{[...wechat, 'pay'].includes(account.kind) && isStandIn(account.host) && <Mark tone="warn">{t('account.standIn')}</Mark>}</span>
  return (
    <>
      <PageHead title={t('accounts.title')} subtitle={t('accounts.subtitle')} actions={accounts.data?.length ? <>{mayWrite && <SimulatorButton />}{connect}</> : undefined} />
      <Panel flush>
        <DataTable<Account>
          label={t('accounts.title')}
          rows={accounts.data}
          rowKey={(account) => account.id}
          problem={accounts.error}
          retry={() => void accounts.refetch()}
          onOpen={(account) => void go(`/accounts/${account.id}`)}
          empty={<Empty title={t('accounts.empty')} hint={t('accounts.emptyHint')} action={<>{connect}{mayWrite && <SimulatorButton />}</>} />}
          columns={[
            { title: t('account.name'), render: (_, account) => name(account) },
            { title: t('account.kind'), render: (_, account) => t(`kinds.${account.kind}`) },
            { title: t('account.corpId'), render: (_, account) => <span className="mono">{account.corp_id}</span> },
            { title: t('account.state'), render: (_, account) => <AccountMark account={account} /> },
            { title: t('account.checked'), render: (_, account) => <span className="num" title={instant(account.checked_at)}>{ago(account.checked_at)}</span> },
            { title: t('account.created'), render: (_, account) => <span className="num">{instant(account.created_at, 'day')}</span> },
          ]}
          card={(account) => <RowCard title={name(account)} side={<AccountMark account={account} />} lines={[t(`kinds.${account.kind}`), <span key="id" className="mono">{account.corp_id}</span>]} />}
        />
      </Panel>
      {connecting && <ConnectDrawer onClose={() => setConnecting(false)} onMade={(id) => void go(`/accounts/${id}`)} />}
    </>
  )
}

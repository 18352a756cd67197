import { SwapOutlined } from '@ant-design/icons'
import { Button, Tabs } from 'antd'
import { useState, type ComponentProps, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { StaffName } from '../components/StaffName'
import { CustomerName } from '../components/CustomerName'
import { OrphanedChats } from '../components/OrphanedChats'
import { TransferCounts } from '../components/TransferCounts'
import { TransferDrawer } from '../components/TransferDrawer'
import { useAccounts } from '../queries'
import { useTransfers, useUnassigned } from '../transferQueries'
import type { Transfer, Unassigned } from '../types'

type Initial = ComponentProps<typeof TransferDrawer>['initial']

/** Customers handed over to a colleague: what was asked, what came of it, and who still waits. */
export function Transfers() {
  const { t } = useTranslation('channels')
  const can = useCan()
  const go = useNavigate()
  const [read, write] = useUrlState()
  const [making, setMaking] = useState<Initial | null>(null)
  const mayWrite = can(permissions.transferWrite)
  const make = mayWrite && <Button type="primary" icon={<SwapOutlined />} onClick={() => setMaking({})}>{t('transfers.new')}</Button>
  return (
    <>
      <PageHead title={t('transfers.title')} subtitle={t('transfers.subtitle')} actions={make} />
      <Tabs activeKey={read('tab') ?? 'list'} onChange={(tab) => write({ tab: tab === 'list' ? undefined : tab })} destroyOnHidden items={[
        { key: 'list', label: t('transfers.tabs.list'), children: <Made action={make || undefined} /> },
        { key: 'unassigned', label: t('transfers.tabs.unassigned'), children: <Waiting hand={mayWrite ? setMaking : undefined} /> },
        ...(can(permissions.chats) ? [{ key: 'groups', label: t('transfers.tabs.groups'), children: <OrphanedChats /> }] : []),
      ]} />
      {making && <TransferDrawer initial={making} onClose={() => setMaking(null)} onMade={(transfer) => void go(`/transfers/${transfer.id}`)} />}
    </>
  )
}

function Made({ action }: { action?: ReactNode }) {
  const { t } = useTranslation('channels')
  const { instant } = useFormat()
  const go = useNavigate()
  const transfers = useTransfers({})
  const who = (one: Transfer) => <span><StaffName accountId={one.account_id} userid={one.handover_userid} /> → <StaffName accountId={one.account_id} userid={one.takeover_userid} /></span>
  return (
    <Panel flush>
      <DataTable<Transfer>
        label={t('transfers.tabs.list')}
        rows={transfers.rows}
        rowKey={(one) => one.id}
        problem={transfers.error}
        retry={() => void transfers.refetch()}
        onOpen={(one) => void go(`/transfers/${one.id}`)}
        empty={<Empty title={t('transfers.empty')} hint={t('transfers.emptyHint')} action={action} />}
        more={{ has: transfers.hasNextPage, loading: transfers.isFetchingNextPage, load: () => void transfers.fetchNextPage() }}
        columns={[
          { title: `${t('transfers.from')} → ${t('transfers.to')}`, render: (_, one) => <strong>{who(one)}</strong> },
          { title: t('transfers.kind'), render: (_, one) => t(`transfers.kinds.${one.kind}`) },
          { title: t('transfers.progress'), render: (_, one) => <TransferCounts counts={one.counts} /> },
          { title: t('transfers.created'), render: (_, one) => <span className="num">{instant(one.created_at)}</span> },
        ]}
        card={(one) => <RowCard title={who(one)} side={t(`transfers.kinds.${one.kind}`)} lines={[<TransferCounts key="c" counts={one.counts} />, instant(one.created_at)]} />}
      />
    </Panel>
  )
}

function Waiting({ hand }: { hand?: (initial: Initial) => void }) {
  const { t } = useTranslation('channels')
  const { instant } = useFormat()
  const [read] = useUrlState()
  const accounts = useAccounts()
  const accountId = read('account') ?? accounts.data?.find((account) => account.kind === 'wecom')?.id
  const unassigned = useUnassigned(accountId)
  const act = (one: Unassigned) => hand && (
    <Button type="link" size="small" onClick={() => hand({ account_id: accountId, kind: 'resigned', handover_userid: one.handover_userid, who: 'some', ids: one.external_userid })}>{t('transfers.unassigned.hand')}</Button>
  )
  return (
    <Panel flush>
      <DataTable<Unassigned>
        label={t('transfers.tabs.unassigned')}
        rows={accounts.data?.length === 0 ? [] : unassigned.data}
        rowKey={(one) => `${one.handover_userid}/${one.external_userid}`}
        problem={unassigned.error}
        retry={() => void unassigned.refetch()}
        empty={<Empty title={t('transfers.unassigned.empty')} hint={t('transfers.unassigned.emptyHint')} />}
        columns={[
          { title: t('contacts.one'), render: (_, one) => <CustomerName customer={one} /> },
          { title: t('transfers.from'), render: (_, one) => <StaffName accountId={accountId ?? ''} userid={one.handover_userid} /> },
          { title: t('transfers.unassigned.left'), render: (_, one) => <span className="num">{instant(one.left_at)}</span> },
          { title: '', align: 'right', render: (_, one) => act(one) },
        ]}
        card={(one) => <RowCard title={<CustomerName customer={one} />} lines={[<StaffName key="s" accountId={accountId ?? ''} userid={one.handover_userid} />, instant(one.left_at), act(one)]} />}
      />
    </Panel>
  )
}

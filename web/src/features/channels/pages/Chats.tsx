import { SwapOutlined, SyncOutlined } from '@ant-design/icons'
import { Button, Empty as Nothing, Input, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { FilterBar } from '@/design/FilterBar'
import { Mark } from '@/design/Mark'
import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { ChatStatistics } from '../components/ChatStatistics'
import { ChatTransferDrawer } from '../components/ChatTransferDrawer'
import { StaffName } from '../components/StaffName'
import { useChats, useSyncChats } from '../groupQueries'
import { AccountPicker } from '../pickers/AccountPicker'
import { CorpStaffPicker } from '../pickers/CorpStaffPicker'
import { useAccounts } from '../queries'
import type { Chat, GroupState } from '../types'
import { groupTones } from '../words'

const states = ['all', 'active', 'waiting', 'inherited', 'dissolved']

/** Customer groups: whose they are, how large, and how they grow. */
export function Chats() {
  const { t } = useTranslation('channels')
  const { count, instant, ago } = useFormat()
  const can = useCan()
  const go = useNavigate()
  const { done, refused } = useNotice()
  const [read, write] = useUrlState()
  const accounts = useAccounts()
  const accountId = read('account') ?? accounts.data?.find((account) => account.kind === 'wecom')?.id
  const filter = { account_id: read('account'), owner: read('owner'), q: read('q'), state: read('state') as GroupState | undefined }
  const chats = useChats(filter)
  const sync = useSyncChats()
  const [ticked, setTicked] = useState<string[]>([])
  const [giving, setGiving] = useState(false)
  const mayGive = can(permissions.transferWrite)
  const given = chats.rows?.filter((chat) => ticked.includes(chat.chat_id)) ?? []
  const active = Object.values(filter).filter(Boolean).length
  const mark = (chat: Chat) => <Mark tone={groupTones[chat.state]}>{t(`groups.states.${chat.state}`)}</Mark>
  const ask = accountId && can(permissions.syncRun) && (
    <Button icon={<SyncOutlined />} loading={sync.isPending} onClick={() => sync.mutate(accountId, { onSuccess: () => done(t('sync.asked')), onError: refused })}>{t('groups.sync')}</Button>
  )
  const newest = chats.rows?.map((chat) => chat.fetched_at ?? '').sort().at(-1)
  return (
    <>
      <PageHead title={t('groups.title')} subtitle={t('groups.subtitle')} actions={<span className="row">{newest && <span className="soft">{t('groups.fetched', { ago: ago(newest) })}</span>}{ask}</span>} />
      <div className="stack">
        <ChatStatistics accountId={accountId} owner={filter.owner} />
        <Panel flush>
          <FilterBar active={active} onClear={() => write({ account: undefined, owner: undefined, state: undefined, q: undefined })}
            trailing={ticked.length > 0 && <Button type="primary" icon={<SwapOutlined />} onClick={() => setGiving(true)}>{t('chatTransfer.of', { count: ticked.length })}</Button>}
            search={<Segmented value={filter.state ?? 'all'} onChange={(value) => write({ state: value === 'all' ? undefined : String(value) })} options={states.map((value) => ({ value, label: value === 'all' ? t('all') : t(`groups.states.${value}`) }))} />}>
            <Input.Search key={filter.q} defaultValue={filter.q} allowClear placeholder={t('groups.find')} aria-label={t('groups.find')} style={{ width: 180 }} onSearch={(words) => write({ q: words.trim() || undefined })} />
            <AccountPicker value={read('account')} onChange={(account) => write({ account, owner: undefined })} />
            <CorpStaffPicker accountId={accountId} value={filter.owner} label={t('groups.owner')} onChange={(owner) => write({ owner })} />
          </FilterBar>
          <DataTable<Chat>
            label={t('groups.title')}
            rows={chats.rows}
            rowKey={(chat) => chat.chat_id}
            problem={chats.error}
            retry={() => void chats.refetch()}
            ticked={mayGive ? { keys: ticked, onChange: setTicked, can: (chat) => chat.state !== 'dissolved' } : undefined}
            onOpen={(chat) => void go(`/groups/${encodeURIComponent(chat.chat_id)}`)}
            empty={active ? <Nothing style={{ padding: 40 }} description={t('groups.noMatch')} /> : <Empty title={t('groups.empty')} hint={t('groups.emptyHint')} action={ask || undefined} />}
            more={{ has: chats.hasNextPage, loading: chats.isFetchingNextPage, load: () => void chats.fetchNextPage() }}
            columns={[
              { title: t('groups.name'), render: (_, chat) => <strong>{chat.name || t('groups.unnamed')}</strong> },
              { title: t('groups.owner'), render: (_, chat) => <StaffName accountId={chat.account_id} userid={chat.owner} /> },
              { title: t('groups.state'), render: (_, chat) => mark(chat) },
              { title: t('groups.members'), align: 'right', render: (_, chat) => <span className="num">{count(chat.members_count)}</span> },
              { title: t('groups.customers'), align: 'right', render: (_, chat) => <span className="num">{count(chat.customers_count)}</span> },
              { title: t('groups.created'), render: (_, chat) => <span className="num">{instant(chat.created_at, 'day')}</span> },
            ]}
            card={(chat) => <RowCard title={chat.name || t('groups.unnamed')} side={t('groups.people', { count: chat.members_count })} lines={[<span key="o" className="row"><StaffName accountId={chat.account_id} userid={chat.owner} />{mark(chat)}</span>]} />}
          />
        </Panel>
      </div>
      {giving && given[0] && <ChatTransferDrawer accountId={given[0].account_id} chats={given} kind={given.some((chat) => chat.state === 'waiting') ? 'resigned' : 'on_job'} onClose={() => { setGiving(false); setTicked([]) }} />}
    </>
  )
}

import { SwapOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { FilterBar } from '@/design/FilterBar'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { useChats } from '../groupQueries'
import type { Chat } from '../types'
import { ChatTransferDrawer } from './ChatTransferDrawer'
import { StaffName } from './StaffName'

/** Groups whose owner left the corp, to be given to somebody; those of owners in service are given from the list of groups. */
export function OrphanedChats() {
  const { t } = useTranslation('channels')
  const { count, instant } = useFormat()
  const can = useCan()
  const go = useNavigate()
  const chats = useChats({ state: 'waiting' })
  const [ticked, setTicked] = useState<string[]>([])
  const [given, setGiven] = useState<Chat[] | null>(null)
  const may = can(permissions.transferWrite)
  const some = chats.rows?.filter((chat) => ticked.includes(chat.chat_id)) ?? []
  const give = (chat: Chat) => may && <Button type="link" size="small" onClick={(event) => { event.stopPropagation(); setGiven([chat]) }}>{t('chatTransfer.hand')}</Button>
  return (
    <Panel flush>
      <FilterBar active={0} onClear={() => undefined} search={<span className="soft">{t('chatTransfer.orphans')}</span>}
        trailing={<span className="row"><Link to="/groups">{t('chatTransfer.living')}</Link>{some.length > 0 && <Button type="primary" icon={<SwapOutlined />} onClick={() => setGiven(some)}>{t('chatTransfer.of', { count: some.length })}</Button>}</span>} />
      <DataTable<Chat>
        label={t('transfers.tabs.groups')}
        rows={chats.rows}
        rowKey={(chat) => chat.chat_id}
        problem={chats.error}
        retry={() => void chats.refetch()}
        onOpen={(chat) => void go(`/groups/${encodeURIComponent(chat.chat_id)}`)}
        ticked={may ? { keys: ticked, onChange: setTicked } : undefined}
        empty={<Empty title={t('chatTransfer.empty')} hint={t('chatTransfer.emptyHint')} />}
        more={{ has: chats.hasNextPage, loading: chats.isFetchingNextPage, load: () => void chats.fetchNextPage() }}
        columns={[
          { title: t('groups.name'), render: (_, chat) => <strong>{chat.name || t('groups.unnamed')}</strong> },
          { title: t('chatTransfer.from'), render: (_, chat) => <StaffName accountId={chat.account_id} userid={chat.owner} /> },
          { title: t('groups.members'), align: 'right', render: (_, chat) => <span className="num">{count(chat.members_count)}</span> },
          { title: t('groups.created'), render: (_, chat) => <span className="num">{instant(chat.created_at, 'day')}</span> },
          { title: '', align: 'right', render: (_, chat) => give(chat) },
        ]}
        card={(chat) => <RowCard title={chat.name || t('groups.unnamed')} side={t('groups.people', { count: chat.members_count })} lines={[<span key="o" className="spread"><StaffName accountId={chat.account_id} userid={chat.owner} />{give(chat)}</span>]} />}
      />
      {given?.[0] && <ChatTransferDrawer accountId={given[0].account_id} chats={given} kind="resigned" onClose={() => { setGiven(null); setTicked([]) }} />}
    </Panel>
  )
}

import { ReloadOutlined, SwapOutlined } from '@ant-design/icons'
import { Button, Checkbox, Tabs } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Facts } from '@/design/Facts'
import { Mark } from '@/design/Mark'
import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { RowCard } from '@/design/RowCard'
import { Stat, Stats } from '@/design/Stat'
import { Waiting } from '@/design/Waiting'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { ChatTransferDrawer } from '../components/ChatTransferDrawer'
import { StaffName } from '../components/StaffName'
import { useChat, useChatHistory, useChatMembers, useRefreshChat } from '../groupQueries'
import type { Chat, ChatChange, ChatMember } from '../types'
import { groupTones } from '../words'

/** One group: who is in it, what happened in it. */
export function ChatPage() {
  const { chatId = '' } = useParams()
  const { t } = useTranslation('channels')
  const { count, instant } = useFormat()
  const [read, write] = useUrlState()
  const can = useCan()
  const [giving, setGiving] = useState(false)
  const { done, refused } = useNotice()
  const chat = useChat(chatId)
  const refresh = useRefreshChat()
  if (chat.error) return <ProblemNote problem={chat.error} retry={() => void chat.refetch()} />
  const known = chat.data
  if (!known) return <Waiting />
  const name = known.name || t('groups.unnamed')
  return (
    <>
      <PageHead back={{ to: '/groups', label: t('groups.title') }} name={name} title={<>{name}<Mark tone={groupTones[known.state]}>{t(`groups.states.${known.state}`)}</Mark></>} subtitle={known.notice || undefined}
        actions={<>{can(permissions.transferWrite) && known.state !== 'dissolved' && <Button icon={<SwapOutlined />} onClick={() => setGiving(true)}>{t('chatTransfer.one')}</Button>}<Button icon={<ReloadOutlined />} loading={refresh.isPending} onClick={() => refresh.mutate(chatId, { onSuccess: () => done(t('groups.refreshed')), onError: refused })}>{t('groups.refresh')}</Button></>} />
      <div className="stack">
        <Stats>
          <Stat label={t('groups.members')} value={count(known.members_count)} definition={t('groups.membersWhat')} />
          <Stat label={t('groups.customers')} value={count(known.customers_count)} />
          <Stat label={t('groups.owner')} value={<StaffName accountId={known.account_id} userid={known.owner} />} />
          <Stat label={t('groups.created')} value={instant(known.created_at, 'day')} note={t('groups.fetchedAt', { at: instant(known.fetched_at) })} />
        </Stats>
        <Panel>
          <Tabs activeKey={read('tab') ?? 'members'} onChange={(tab) => write({ tab: tab === 'members' ? undefined : tab })} destroyOnHidden items={[
            { key: 'members', label: t('groups.tabs.members'), children: <Members chat={known} /> },
            { key: 'history', label: t('groups.tabs.history'), children: <History chat={known} /> },
            { key: 'facts', label: t('groups.tabs.facts'), children: <Facts facts={[
              { label: 'chat_id', value: <span className="mono">{known.chat_id}</span> },
              known.admins.length > 0 && { label: t('groups.admins'), value: <span className="row">{known.admins.map((userid) => <StaffName key={userid} accountId={known.account_id} userid={userid} />)}</span> },
              known.dissolved_at !== null && { label: t('groups.dissolved'), value: instant(known.dissolved_at) },
            ]} /> },
          ]} />
        </Panel>
      </div>
      {giving && <ChatTransferDrawer accountId={known.account_id} chats={[known]} kind={known.state === 'waiting' ? 'resigned' : 'on_job'} onClose={() => setGiving(false)} />}
    </>
  )
}

function Members({ chat }: { chat: Chat }) {
  const { t } = useTranslation('channels')
  const { instant } = useFormat()
  const [read, write] = useUrlState()
  const withLeft = read('left') === 'yes'
  const members = useChatMembers(chat.chat_id, withLeft)
  const name = (one: ChatMember) => one.is_staff ? <StaffName accountId={chat.account_id} userid={one.userid} /> : one.member_id ? <Link to={`/members/${one.member_id}`}><strong>{one.name_masked || t('contacts.unnamed')}</strong></Link> : <strong>{one.name_masked || t('contacts.unnamed')}</strong>
  const kind = (one: ChatMember) => one.is_staff ? <Mark tone="busy">{t('groups.staff')}</Mark> : one.member_no > 0 ? <Mark tone="good">{t('groups.customer')}</Mark> : <Mark>{t('groups.stranger')}</Mark>
  const left = (one: ChatMember) => one.left_at ? <span className="soft">{t(one.was_removed ? 'groups.removed' : 'groups.leftAt', { at: instant(one.left_at) })}</span> : null
  return (
    <>
      <Checkbox checked={withLeft} onChange={(event) => write({ left: event.target.checked ? 'yes' : undefined })} style={{ marginBottom: 8 }}>{t('groups.withLeft')}</Checkbox>
      <DataTable<ChatMember>
        label={t('groups.tabs.members')}
        rows={members.rows}
        rowKey={(one) => `${one.userid}/${one.joined_at}`}
        problem={members.error}
        retry={() => void members.refetch()}
        size="small"
        empty={<Empty small title={t('groups.nobody')} />}
        more={{ has: members.hasNextPage, loading: members.isFetchingNextPage, load: () => void members.fetchNextPage() }}
        columns={[
          { title: t('groups.who'), render: (_, one) => name(one) },
          { title: t('groups.kind'), render: (_, one) => kind(one) },
          { title: t('groups.joined'), render: (_, one) => <span className="num">{instant(one.joined_at)}</span> },
          { title: t('groups.scene'), render: (_, one) => t(`groups.scenes.${one.join_scene}`, { defaultValue: String(one.join_scene) }) },
          { title: t('contacts.state'), render: (_, one) => one.state ? <span className="mono">{one.state}</span> : <span className="faint">–</span> },
          ...(withLeft ? [{ title: t('groups.gone'), render: (_: unknown, one: ChatMember) => left(one) }] : []),
        ]}
        card={(one) => <RowCard title={name(one)} side={kind(one)} lines={[instant(one.joined_at), left(one)]} />}
      />
    </>
  )
}

function History({ chat }: { chat: Chat }) {
  const { t } = useTranslation('channels')
  const { instant } = useFormat()
  const history = useChatHistory(chat.chat_id)
  const said = (one: ChatChange) => t(`groups.verbs.${one.verb}`, { defaultValue: one.verb })
  return (
    <DataTable<ChatChange>
      label={t('groups.tabs.history')}
      rows={history.rows}
      rowKey={(one) => String(one.id)}
      problem={history.error}
      retry={() => void history.refetch()}
      size="small"
      empty={<Empty small title={t('groups.nothing')} />}
      more={{ has: history.hasNextPage, loading: history.isFetchingNextPage, load: () => void history.fetchNextPage() }}
      columns={[
        { title: t('groups.at'), render: (_, one) => <span className="num">{instant(one.at, 'second')}</span> },
        { title: t('groups.what'), render: (_, one) => said(one) },
        { title: t('groups.who'), render: (_, one) => one.userid ? <span className="mono">{one.userid}</span> : <span className="faint">–</span> },
        { title: t('contacts.state'), render: (_, one) => one.state ? <span className="mono">{one.state}</span> : <span className="faint">–</span> },
      ]}
      card={(one) => <RowCard title={said(one)} side={<span className="num soft">{instant(one.at)}</span>} lines={[one.userid]} />}
    />
  )
}

import { Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Mark } from '@/design/Mark'

import { StaffName } from '../components/StaffName'
import { useChats, useChatsNamed } from '../groupQueries'
import { CHAT_PEOPLE_MAX } from '../model'
import type { Chat } from '../types'

type Props = { id?: string; accountId?: string; value?: string[]; onChange?: (ids: string[]) => void; max?: number; label?: string }

/** Customer groups found by a part of their names, each with its owner and how full it is; what is dissolved is not offered. */
export function ChatPicker({ id, accountId, value = [], onChange, max, label }: Props) {
  const { t } = useTranslation('channels')
  const [words, setWords] = useState('')
  const chats = useChats({ account_id: accountId, q: useDeferredValue(words.trim()) || undefined }, Boolean(accountId))
  const listed = chats.rows?.filter((chat) => chat.state !== 'dissolved') ?? []
  const others = useChatsNamed(chats.isPending ? [] : value.filter((one) => !listed.some((chat) => chat.chat_id === one)))
  const shown = [...(words ? [] : others), ...listed]
  return (
    <Select<string[], { value: string; label: string; chat: Chat }>
      id={id}
      mode="multiple"
      value={value}
      onChange={(ids) => onChange?.(ids)}
      maxCount={max}
      disabled={!accountId}
      showSearch={{ filterOption: false, onSearch: setWords }}
      loading={chats.isFetching}
      placeholder={label ?? t('groups.choose')}
      aria-label={id ? undefined : label ?? t('groups.choose')}
      notFoundContent={chats.isPending ? t('loading') : t('groups.noneToChoose')}
      popupMatchSelectWidth={420}
      onPopupScroll={(event) => {
        const list = event.currentTarget
        if (chats.hasNextPage && !chats.isFetchingNextPage && list.scrollTop + list.clientHeight > list.scrollHeight - 80) void chats.fetchNextPage()
      }}
      style={{ width: '100%' }}
      options={shown.map((chat) => ({ value: chat.chat_id, label: chat.name || t('groups.unnamed'), chat }))}
      optionRender={({ data }) => (
        <span className="spread" style={{ gap: 8, flexWrap: 'nowrap' }}>
          <span style={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>{data.label} <small className="soft"><StaffName accountId={data.chat.account_id} userid={data.chat.owner} /></small></span>
          <Filled chat={data.chat} />
        </span>
      )}
    />
  )
}

/** How many people a group has of as many as it can; one that is full is marked. */
export function Filled({ chat }: { chat: Chat }) {
  const { t } = useTranslation('channels')
  const isFull = chat.members_count >= CHAT_PEOPLE_MAX
  if (chat.state === 'dissolved') return <Mark tone="bad">{t('groups.states.dissolved')}</Mark>
  return isFull ? <Mark tone="warn">{t('groups.full', { count: chat.members_count })}</Mark> : <small className="num soft">{chat.members_count} / {CHAT_PEOPLE_MAX}</small>
}

import { useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api } from '@/api/client'
import { usePages } from '@/lib/pages'

import type { Chat, ChatChange, ChatDay, ChatFilter, ChatMember, GroupTransfer, GroupTransferIn } from './types'

const key = 'groups'
const path = (chatId: string) => ({ params: { path: { chat_id: chatId } } })

export function useChats(filter: ChatFilter, enabled = true) {
  return usePages<Chat>([key, 'list', filter], (cursor) => answer(api.GET('/api/groups', { params: { query: { ...filter, cursor, limit: 50 } } })), enabled)
}

/** Groups by id, those that are known. */
export function useChatsNamed(ids: string[]) {
  return useQueries({
    queries: ids.map((id) => ({ queryKey: [key, 'one', id], queryFn: () => answer<Chat>(api.GET('/api/groups/{chat_id}', path(id))), retry: false, staleTime: 60_000 })),
    combine: (all) => all.flatMap((one) => (one.data ? [one.data] : [])),
  })
}

export const useChat = (chatId: string) => useQuery({ queryKey: [key, 'one', chatId], queryFn: () => answer<Chat>(api.GET('/api/groups/{chat_id}', path(chatId))) })

export function useChatMembers(chatId: string, withLeft: boolean) {
  return usePages<ChatMember>([key, 'members', chatId, withLeft], (cursor) =>
    answer(api.GET('/api/groups/{chat_id}/members', { params: { ...path(chatId).params, query: { with_left: withLeft, cursor, limit: 50 } } })))
}

export function useChatHistory(chatId: string) {
  return usePages<ChatChange>([key, 'history', chatId], (cursor) =>
    answer(api.GET('/api/groups/{chat_id}/history', { params: { ...path(chatId).params, query: { cursor, limit: 50 } } })))
}

export function useChatDays(accountId: string | undefined, from: string, to: string, owner?: string) {
  return useQuery({
    queryKey: [key, 'days', accountId, from, to, owner],
    queryFn: () => answer<ChatDay[]>(api.GET('/api/groups/statistics', { params: { query: { account_id: accountId ?? '', from, to, owner } } })),
    enabled: Boolean(accountId),
  })
}

export function useSyncChats() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (accountId: string) => answer<{ job_id: string }>(api.POST('/api/groups/sync', { body: { account_id: accountId } })),
    onSuccess: () => cache.invalidateQueries({ queryKey: [key] }),
  })
}

export function useRefreshChat() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (chatId: string) => answer<Chat>(api.POST('/api/groups/{chat_id}/refresh', path(chatId))),
    onSuccess: () => cache.invalidateQueries({ queryKey: [key] }),
  })
}

export function useHandOverChats() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: GroupTransferIn) => answer<GroupTransfer>(api.POST('/api/channels/group-transfers', { body })),
    onSuccess: () => cache.invalidateQueries({ queryKey: [key] }),
  })
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api } from '@/api/client'
import { usePages } from '@/lib/pages'

import type { CorpTagGroup, CorpTags, TagDecision, TagDifference, TagGroupRule } from './types'

const key = 'corp-tags'

export function useCorpTags(accountId: string | undefined) {
  return useQuery({
    queryKey: [key, 'groups', accountId],
    queryFn: () => answer<CorpTags>(api.GET('/api/channels/tags', { params: { query: { account_id: accountId ?? '' } } })),
    enabled: accountId !== undefined,
  })
}

export function useTagDifferences(accountId: string | undefined, isOpen: boolean) {
  return usePages<TagDifference>([key, 'differences', accountId, isOpen], (cursor) =>
    answer(api.GET('/api/channels/tags/differences', { params: { query: { account_id: accountId, is_open: isOpen, cursor, limit: 50 } } })))
}

function useTagChange<V, R>(change: (values: V) => Promise<R>) {
  const cache = useQueryClient()
  const fresh = async () => {
    await cache.invalidateQueries({ queryKey: [key] })
    await cache.invalidateQueries({ queryKey: ['tags'] })
  }
  return useMutation({ mutationFn: change, onSuccess: fresh })
}

export const useCompareTags = () => useTagChange((accountId: string) => answer<{ job_id: string }>(api.POST('/api/channels/tags/sync', { body: { account_id: accountId } })))
export const useRuleTagGroup = () =>
  useTagChange(({ id, ...body }: TagGroupRule & { id: string }) => answer<CorpTagGroup>(api.PUT('/api/channels/tags/groups/{corp_group_id}', { params: { path: { corp_group_id: id } }, body })))
export const useDecideTag = () =>
  useTagChange(({ id, decision }: { id: string; decision: TagDecision }) =>
    answer<TagDifference>(api.POST('/api/channels/tags/differences/{difference_id}', { params: { path: { difference_id: id } }, body: { decision } })))

import { useMutation } from '@tanstack/react-query'

import { answer, api } from '@/api/client'
import { usePages } from '@/lib/pages'

import type { Follower } from './types'

export function useFollowers(accountId: string, isFollowing?: boolean) {
  return usePages<Follower>(['followers', accountId, isFollowing], (cursor) =>
    answer(api.GET('/api/channels/followers', { params: { query: { account_id: accountId, is_following: isFollowing, cursor, limit: 50 } } })))
}

export const useFetchFollowers = () =>
  useMutation({ mutationFn: (accountId: string) => answer<{ job_id: string }>(api.POST('/api/channels/followers/sync', { body: { account_id: accountId } })) })

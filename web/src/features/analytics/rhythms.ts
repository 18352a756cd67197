import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api } from '@/api/client'
import type { components } from '@/api/schema'

type Schemas = components['schemas']

export type Rfm = Schemas['RfmOut']
export type RfmCell = Schemas['RfmCellOut']
export type RfmSegment = Schemas['RfmSegmentOut']
export type RfmMovement = Schemas['RfmMovementOut']
export type Lifecycle = Schemas['LifecycleOut']
export type Stages = Schemas['StagesOut']
export type CategoryCycle = Schemas['CategoryCycleOut']
export type MemberValue = Schemas['ValueOut']

/** What an audience is made of when it is saved from a chart. */
export type Definition = Record<string, unknown>
export type Wish = { name: string; definition: Definition; members: number }

// While a day is being derived the page asks again: it takes seconds.
const ASK_AGAIN_MS = 2000

export function useRfm(since: string | undefined) {
  return useQuery({
    queryKey: ['rfm', since],
    queryFn: () => answer<Rfm>(api.GET('/api/rfm', { params: { query: { since } } })),
    refetchInterval: (query) => (query.state.data?.is_refreshing ? ASK_AGAIN_MS : false),
  })
}

export function useLifecycle() {
  return useQuery({
    queryKey: ['lifecycle'],
    queryFn: () => answer<Lifecycle>(api.GET('/api/lifecycle')),
    refetchInterval: (query) => (query.state.data?.is_refreshing ? ASK_AGAIN_MS : false),
  })
}

export function useMemberValues(id: string) {
  return useQuery({
    queryKey: ['people', 'traits', id],
    queryFn: () => answer<{ rows: MemberValue[] }>(api.GET('/api/members/{member_id}/traits', { params: { path: { member_id: id } } })),
  })
}

export function useSaveAudience() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (wish: { name: string; definition: Definition }) =>
      answer<{ id: string; name: string }>(api.POST('/api/audiences', { body: { ...wish, refresh: 'daily' } })),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['audiences'] }),
  })
}

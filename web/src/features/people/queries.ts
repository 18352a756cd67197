import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api } from '@/api/client'
import { usePages, type Page } from '@/lib/pages'

import type { AttributeChange, ConsentIn, Conflict, ConflictEvidence, Decision, Erasure, MemberChange, MemberOrder, MemberPageData, MemberRow, MergeMade, Revealed, TimelineEntry } from './types'

const key = 'people'
const memberPath = (id: string) => ({ params: { path: { member_id: id } } })

export type MemberFilter = {
  identity?: string; q?: string; source?: string; home_unit_id?: string; identified?: boolean; has_orders?: boolean; created_from?: string; created_to?: string; sort?: string
}

export function useMembers(filter: MemberFilter) {
  return usePages<MemberRow>([key, 'list', filter], (cursor) => answer(api.GET('/api/members', { params: { query: { ...filter, limit: 50, cursor } } })))
}

export function useMemberPage(id: string) {
  return useQuery({ queryKey: [key, 'page', id], queryFn: () => answer<MemberPageData>(api.GET('/api/members/{member_id}/page', memberPath(id))) })
}

/** The timeline goes on where the page's first answer ended. */
export function useTimeline(id: string, kind: string | undefined, first: Page<TimelineEntry>) {
  return useInfiniteQuery({
    queryKey: [key, 'timeline', id, kind],
    queryFn: ({ pageParam }) =>
      answer<Page<TimelineEntry>>(api.GET('/api/members/{member_id}/timeline', { params: { path: { member_id: id }, query: { kind, cursor: pageParam, limit: 50 } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    initialData: kind ? undefined : { pages: [first], pageParams: [undefined] },
  })
}

export function useMemberOrders(id: string) {
  return usePages<MemberOrder>([key, 'orders', id], (cursor) => answer(api.GET('/api/members/{member_id}/orders', { params: { path: { member_id: id }, query: { cursor, limit: 20 } } })))
}

export function useAttributeHistory(id: string, name: string) {
  return useQuery({
    queryKey: [key, 'attribute', id, name],
    queryFn: () => answer<{ rows: AttributeChange[] }>(api.GET('/api/members/{member_id}/attributes/{name}/history', { params: { path: { member_id: id, name } } })),
  })
}

function usePeopleChange<V, R>(change: (values: V) => Promise<R>) {
  const cache = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => cache.invalidateQueries({ queryKey: [key] }) })
}

export const useChangeMember = (id: string) =>
  usePeopleChange((body: MemberChange) => answer(api.PATCH('/api/members/{member_id}', { ...memberPath(id), body })))
export const useSetConsent = (id: string) =>
  usePeopleChange((body: ConsentIn) => answer(api.PUT('/api/members/{member_id}/consents', { ...memberPath(id), body })))
export const useMerge = () => usePeopleChange((body: { ids: string[]; survivor_id?: string; reason: string }) => answer<{ merge: MergeMade | null }>(api.POST('/api/members/merge', { body })))
export const useUndoMerge = () =>
  usePeopleChange(({ id, reason }: { id: string; reason: string }) => answer(api.POST('/api/merges/{merge_id}/undo', { params: { path: { merge_id: id } }, body: { reason } })))
export const useErase = (id: string) => usePeopleChange((reason: string) => answer<Erasure>(api.DELETE('/api/members/{member_id}', { ...memberPath(id), body: { reason } })))

/** Plain values are never kept in the cache: they live as long as the component that asked. */
export const useReveal = (id: string) =>
  useMutation({ gcTime: 0, mutationFn: (fields: string[]) => answer<Revealed>(api.POST('/api/members/{member_id}/reveal', { ...memberPath(id), body: { fields } })) })
export const useExportMember = (id: string) =>
  useMutation({ mutationFn: () => answer<{ job_id: string }>(api.POST('/api/members/{member_id}/export', memberPath(id))) })

export function useConflicts(state: string) {
  return usePages<Conflict>([key, 'conflicts', state], (cursor) => answer(api.GET('/api/conflicts', { params: { query: { state, limit: 50, cursor } } })))
}
export function useConflict(id: string) {
  return useQuery({ queryKey: [key, 'conflict', id], queryFn: () => answer<ConflictEvidence>(api.GET('/api/conflicts/{conflict_id}', { params: { path: { conflict_id: id } } })) })
}
export const usePropose = () => useMutation({ mutationFn: () => answer<{ job_id: string }>(api.POST('/api/conflicts/propose', { body: {} })) })
export const useDecide = (id: string) =>
  usePeopleChange((body: Decision) => answer(api.POST('/api/conflicts/{conflict_id}/decide', { params: { path: { conflict_id: id } }, body })))

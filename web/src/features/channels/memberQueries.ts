import { useQuery } from '@tanstack/react-query'

import { answer, api } from '@/api/client'

import type { MemberChat, Relation } from './types'

const path = (id: string) => ({ params: { path: { member_id: id } } })

export function useMemberRelations(id: string) {
  return useQuery({ queryKey: ['contacts', 'of-member', id], queryFn: () => answer<Relation[]>(api.GET('/api/members/{member_id}/relations', path(id))) })
}

export function useMemberChats(id: string, enabled: boolean) {
  return useQuery({ queryKey: ['groups', 'of-member', id], queryFn: () => answer<MemberChat[]>(api.GET('/api/members/{member_id}/groups', path(id))), enabled })
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api } from '@/api/client'
import { usePages, type Page } from '@/lib/pages'

import type { GroupChange, GroupIn, MemberTag, MemberTagsIn, Tag, TagChange, TagChangeRow, TagException, TagGroup, TagIn, TagMember, TagMembersChanged, TagMembersIn, TagTally } from './types'

const key = 'tags'
const tagPath = (id: string) => ({ params: { path: { tag_id: id } } })
const groupPath = (id: string) => ({ params: { path: { group_id: id } } })
const memberPath = (id: string) => ({ params: { path: { member_id: id } } })

export const useTags = () => useQuery({ queryKey: [key, 'all'], queryFn: () => answer<TagGroup[]>(api.GET('/api/tags')) })

export function useTagMembers(id: string) {
  return usePages<TagMember>([key, 'members', id], (cursor) =>
    answer(api.GET('/api/tags/{tag_id}/members', { params: { path: { tag_id: id }, query: { cursor, limit: 50 } } })))
}

export function useTagHistory(id: string) {
  return usePages<TagChangeRow>([key, 'history', id], (cursor) =>
    answer(api.GET('/api/tags/{tag_id}/history', { params: { path: { tag_id: id }, query: { cursor, limit: 50 } } })))
}

export function useTagExceptions(id: string) {
  return useQuery({ queryKey: [key, 'exceptions', id], queryFn: () => answer<{ rows: TagException[] }>(api.GET('/api/tags/{tag_id}/exceptions', tagPath(id))) })
}

export function useMemberTags(id: string) {
  return useQuery({ queryKey: [key, 'member', id], queryFn: () => answer<MemberTag[]>(api.GET('/api/members/{member_id}/tags', memberPath(id))) })
}

export function useMemberTagHistory(id: string) {
  return useQuery({ queryKey: [key, 'member-history', id], queryFn: () => answer<Page<TagChangeRow>>(api.GET('/api/members/{member_id}/tags/history', memberPath(id))) })
}

function useTagsChange<V, R>(change: (values: V) => Promise<R>) {
  const cache = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => cache.invalidateQueries({ queryKey: [key] }) })
}

export const useAddGroup = () => useTagsChange((body: GroupIn) => answer<TagGroup>(api.POST('/api/tags/groups', { body })))
export const useChangeGroup = () =>
  useTagsChange(({ id, ...body }: GroupChange & { id: string }) => answer<TagGroup>(api.PATCH('/api/tags/groups/{group_id}', { ...groupPath(id), body })))
export const useDeleteGroup = () => useTagsChange((id: string) => answer(api.DELETE('/api/tags/groups/{group_id}', groupPath(id))))
export const useAddTag = () => useTagsChange((body: TagIn) => answer<Tag>(api.POST('/api/tags', { body })))
export const useChangeTag = () =>
  useTagsChange(({ id, ...body }: TagChange & { id: string }) => answer<Tag>(api.PATCH('/api/tags/{tag_id}', { ...tagPath(id), body })))
export const useDeleteTag = () => useTagsChange((id: string) => answer<TagTally>(api.DELETE('/api/tags/{tag_id}', tagPath(id))))
export const useMergeTag = () =>
  useTagsChange(({ id, into }: { id: string; into: string }) => answer<TagTally>(api.POST('/api/tags/{tag_id}/merge', { ...tagPath(id), body: { into } })))
export const useChangeTagMembers = (id: string) =>
  useTagsChange((body: Partial<TagMembersIn>) => answer<TagMembersChanged>(api.POST('/api/tags/{tag_id}/members', { ...tagPath(id), body: body as TagMembersIn })))
export const useChangeMemberTags = (id: string) =>
  useTagsChange((body: Partial<MemberTagsIn>) => answer<MemberTag[]>(api.POST('/api/members/{member_id}/tags', { ...memberPath(id), body: body as MemberTagsIn })))

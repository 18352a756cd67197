import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api } from '@/api/client'
import { usePages } from '@/lib/pages'

import type { Definition } from './builder/tree'
import type { Audience, AudienceIn, AudienceRow, Belonging, Brought, Explained, IdentityKind, MemberRow, Overlap, Preview, Template, Ticks, Verdict, Version, Vocabulary, Webhook, WebhookMade } from './types'

const key = 'audiences'
const path = (id: string) => ({ params: { path: { audience_id: id } } })
// A heartbeat comes about every minute; lists follow it without being asked.
const FOLLOW_MS = 30_000

export function useAudiences(q: string | undefined) {
  return usePages<AudienceRow>([key, 'list', q], (cursor) => answer(api.GET('/api/audiences', { params: { query: { q, cursor, limit: 50 } } })))
}
export const useAudience = (id: string | undefined) =>
  useQuery({ queryKey: [key, 'one', id], queryFn: () => answer<Audience>(api.GET('/api/audiences/{audience_id}', path(id ?? ''))), enabled: Boolean(id), refetchInterval: FOLLOW_MS })
export const useVocabulary = () => useQuery({ queryKey: [key, 'vocabulary'], queryFn: () => answer<Vocabulary>(api.GET('/api/audiences/vocabulary')), staleTime: 60_000 })
export const useTemplates = (enabled: boolean) => useQuery({ queryKey: [key, 'templates'], queryFn: () => answer<Template[]>(api.GET('/api/audiences/templates')), enabled, staleTime: Infinity })
export const useTicks = () =>
  useQuery({ queryKey: [key, 'ticks'], queryFn: () => answer<Ticks>(api.GET('/api/audiences/ticks')), refetchInterval: FOLLOW_MS })

export function useAudienceMembers(id: string) {
  return usePages<MemberRow>([key, 'members', id], (cursor) =>
    answer(api.GET('/api/audiences/{audience_id}/members', { params: { path: { audience_id: id }, query: { cursor, limit: 50 } } })))
}
export function useHistory(id: string) {
  return usePages<Version>([key, 'history', id], (cursor) =>
    answer(api.GET('/api/audiences/{audience_id}/history', { params: { path: { audience_id: id }, query: { cursor, limit: 100 } } })))
}
export function useVersionMembers(id: string, version: number, side: 'entered' | 'left') {
  return usePages<MemberRow>([key, 'version', id, version, side], (cursor) =>
    answer(api.GET('/api/audiences/{audience_id}/history/{version}/members', { params: { path: { audience_id: id, version: String(version) }, query: { side, cursor, limit: 50 } } })))
}
export const useMemberAudiences = (id: string) =>
  useQuery({
    queryKey: [key, 'of', id],
    queryFn: () => answer<{ rows: Belonging[] }>(api.GET('/api/members/{member_id}/audiences', { params: { path: { member_id: id } } })),
  })

/** Asked anew for every edit; not kept, because the next keystroke makes it old. */
export const askPreview = (definition: Definition, signal: AbortSignal) => answer<Preview>(api.POST('/api/audiences/preview', { body: { definition }, signal }))
export const askText = (definition: Definition, signal: AbortSignal) => answer<{ text: string }>(api.POST('/api/audiences/print', { body: { definition }, signal }))
export const usePreviewOf = (id: string, definition: Definition | null) =>
  useQuery({ queryKey: [key, 'preview', id, definition], queryFn: ({ signal }) => askPreview(definition ?? {}, signal), enabled: definition !== null, staleTime: FOLLOW_MS, placeholderData: keepPreviousData })

export const useParse = () => useMutation({ mutationFn: (text: string) => answer<{ definition: Definition; canonical_text: string }>(api.POST('/api/audiences/parse', { body: { text } })) })
export const useExplained = (id: string, member: string | undefined) =>
  useQuery({
    queryKey: [key, 'explained', id, member],
    queryFn: () => answer<Explained>(api.GET('/api/audiences/{audience_id}/explain/{member_id}', { params: { path: { audience_id: id, member_id: member ?? '' } } })),
    enabled: Boolean(member),
  })
export const useExplainDefinition = () =>
  useMutation({ mutationFn: (body: { definition: Definition; member: string }) => answer<Verdict>(api.POST('/api/audiences/explain', { body })) })
export const useOverlap = (ids: string[]) =>
  useQuery({ queryKey: [key, 'overlap', ids], queryFn: () => answer<Overlap>(api.POST('/api/audiences/overlap', { body: { ids } })), enabled: ids.length > 1, placeholderData: keepPreviousData })

function useAudienceChange<V, R>(change: (values: V) => Promise<R>) {
  const cache = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => cache.invalidateQueries({ queryKey: [key] }) })
}
export const useMake = () => useAudienceChange((body: AudienceIn) => answer<Audience>(api.POST('/api/audiences', { body })))
export const useChange = () =>
  useAudienceChange(({ id, ...body }: Partial<AudienceIn> & { id: string }) => answer<Audience>(api.PUT('/api/audiences/{audience_id}', { ...path(id), body })))
export const useDelete = () => useAudienceChange((id: string) => answer(api.DELETE('/api/audiences/{audience_id}', path(id))))
export const useRefresh = () => useAudienceChange((id: string) => answer<Audience>(api.POST('/api/audiences/{audience_id}/refresh', path(id))))
export type ListIn = { name: string; description?: string; member_ids?: string[]; identities?: { kind: IdentityKind; value: string; namespace: string }[] }
export const useMakeList = () => useAudienceChange((body: ListIn) => answer<Brought>(api.POST('/api/audiences/list', { body: body as Required<ListIn> })))
export const useSetMembers = (id: string) =>
  useAudienceChange((body: { put: string[]; lift: string[]; clear: string[]; reason: string }) => answer<Audience>(api.POST('/api/audiences/{audience_id}/members', { ...path(id), body })))

export type ExportIn = { format: 'csv' | 'parquet'; purpose: string; columns: string[] }
export const useExport = (id: string) => useMutation({ mutationFn: (body: ExportIn) => answer<{ job_id: string }>(api.POST('/api/audiences/{audience_id}/export', { ...path(id), body })) })
export const useAdExport = (id: string) =>
  useMutation({ mutationFn: (body: { format: 'csv' | 'parquet'; fields: ('phone_sha256' | 'email_sha256')[] }) => answer<{ job_id: string }>(api.POST('/api/audiences/{audience_id}/ad-export', { ...path(id), body })) })

export const useWebhooks = (id: string) => useQuery({ queryKey: [key, 'webhooks', id], queryFn: () => answer<{ rows: Webhook[] }>(api.GET('/api/audiences/{audience_id}/webhooks', path(id))) })
export const useAddWebhook = (id: string) => useAudienceChange((url: string) => answer<WebhookMade>(api.POST('/api/audiences/{audience_id}/webhooks', { ...path(id), body: { url } })))
export const useDropWebhook = (id: string) =>
  useAudienceChange((webhook: string) => answer(api.DELETE('/api/audiences/{audience_id}/webhooks/{webhook_id}', { params: { path: { audience_id: id, webhook_id: webhook } } })))

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api } from '@/api/client'
import { usePages } from '@/lib/pages'

import type { Account, Alarms, Code, CodeBody, CodeKind, CodeRow, Figures, Folder, Loss, LossReason, Preview, ReportRow, Source, Variant, WelcomeFields } from './types'

const key = 'codes'
const codePath = (id: string) => ({ params: { path: { code_id: id } } })

export type CodeFilter = { kind: CodeKind; folder?: string; q?: string; state?: 'active' | 'archived' }

export function useCodes(filter: CodeFilter) {
  return usePages<CodeRow>([key, 'list', filter], (cursor) => answer(api.GET('/api/acquisition/codes', { params: { query: { ...filter, cursor, limit: 50 } } })))
}

export const useFolders = (kind: CodeKind) =>
  useQuery({ queryKey: [key, 'folders', kind], queryFn: () => answer<Folder[]>(api.GET('/api/acquisition/codes/folders', { params: { query: { kind } } })) })

export const useAccounts = () => useQuery({ queryKey: [key, 'accounts'], queryFn: () => answer<Account[]>(api.GET('/api/acquisition/codes/accounts')), staleTime: 60_000 })

/** A code; asked again while its picture is being made. */
export function useCode(id: string | undefined) {
  return useQuery({
    queryKey: [key, 'one', id],
    queryFn: () => answer<Code>(api.GET('/api/acquisition/codes/{code_id}', codePath(id ?? ''))),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data && state.data.state === 'active' && (state.data.standing === 'making' || (!state.data.has_picture && state.data.kind !== 'link' && state.data.kind !== 'store')) ? 1500 : false),
  })
}

export function useFigures(id: string, from?: string, to?: string) {
  return useQuery({
    queryKey: [key, 'figures', id, from, to],
    queryFn: () => answer<Figures>(api.GET('/api/acquisition/codes/{code_id}/figures', { params: { path: { code_id: id }, query: { from, to } } })),
    placeholderData: keepPreviousData,
  })
}

export const useWelcomeFields = () =>
  useQuery({ queryKey: [key, 'fields'], queryFn: () => answer<WelcomeFields>(api.GET('/api/acquisition/welcome-fields')), staleTime: 600_000 })

/** The text as an example customer reads it; the last good one stays while somebody types. */
export function usePreview(variant: Variant | undefined) {
  return useQuery({
    queryKey: [key, 'preview', variant],
    queryFn: () => answer<Preview>(api.POST('/api/acquisition/welcome-preview', { body: { variant: variant as Variant } })),
    enabled: variant !== undefined && (variant.text?.trim() !== '' || (variant.parts?.length ?? 0) > 0),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 600_000,
  })
}

function useCodesChange<V, R>(change: (values: V) => Promise<R>) {
  const cache = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => cache.invalidateQueries({ queryKey: [key] }) })
}

export const useSaveCode = () =>
  useCodesChange(({ id, body }: { id?: string; body: CodeBody }) =>
    answer<Code>(id ? api.PUT('/api/acquisition/codes/{code_id}', { ...codePath(id), body }) : api.POST('/api/acquisition/codes', { body })))
export const useArchiveCode = () => useCodesChange((id: string) => answer<Code>(api.DELETE('/api/acquisition/codes/{code_id}', codePath(id))))

export type LossFilter = { reason?: LossReason; is_handled?: boolean; from?: string; to?: string }

export function useLosses(filter: LossFilter) {
  return usePages<Loss>([key, 'losses', filter], (cursor) => answer(api.GET('/api/acquisition/losses', { params: { query: { ...filter, cursor, limit: 50 } } })))
}

export const useAlarms = () => useQuery({ queryKey: [key, 'alarms'], queryFn: () => answer<Alarms>(api.GET('/api/acquisition/alarms')), refetchInterval: 60_000 })

export const useHandleLoss = () =>
  useCodesChange(({ id, ...body }: { id: string; is_handled: boolean; note: string }) =>
    answer<Loss>(api.PATCH('/api/acquisition/losses/{loss_id}', { params: { path: { loss_id: id } }, body })))

export function useReport(from?: string, to?: string) {
  return useQuery({
    queryKey: [key, 'report', from, to],
    queryFn: () => answer<{ rows: ReportRow[] }>(api.GET('/api/acquisition/report', { params: { query: { from, to } } })),
    placeholderData: keepPreviousData,
  })
}

export function useSources(id: string) {
  return useQuery({ queryKey: [key, 'sources', id], queryFn: () => answer<Source[]>(api.GET('/api/members/{member_id}/sources', { params: { path: { member_id: id } } })) })
}

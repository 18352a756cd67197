import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api } from '@/api/client'
import { sendFiles } from '@/api/transfer'
import { usePages } from '@/lib/pages'

import type { ImportDetail, ImportKind, ImportRow, JobAsked, Kind, Mapping, Options, SavedMapping } from './types'

const key = 'imports'
const runPath = (id: string) => ({ params: { path: { import_id: id } } })
const moving = new Set(['running', 'undoing'])
// Often enough that a bar moves, seldom enough not to load a server that is busy importing.
const POLL_MS = 1000

export const useImportKinds = () => useQuery({ queryKey: [key, 'kinds'], queryFn: () => answer<ImportKind[]>(api.GET('/api/imports/kinds')), staleTime: Infinity })

export function useImports() {
  return usePages<ImportRow>([key, 'list'], (cursor) => answer(api.GET('/api/imports', { params: { query: { limit: 50, cursor } } })))
}

export function useImport(id: string) {
  return useQuery({
    queryKey: [key, 'one', id],
    queryFn: () => answer<ImportDetail>(api.GET('/api/imports/{import_id}', runPath(id))),
    refetchInterval: (query) => (query.state.data && moving.has(query.state.data.state) ? POLL_MS : false),
  })
}

export function useSavedMappings(kind: Kind) {
  return useQuery({ queryKey: [key, 'mappings', kind], queryFn: () => answer<SavedMapping[]>(api.GET('/api/imports/mappings', { params: { query: { kind } } })) })
}

function useImportChange<V, R>(change: (values: V) => Promise<R>) {
  const cache = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => cache.invalidateQueries({ queryKey: [key] }) })
}

export type Upload = { kind: string; files: File[]; name: string; preset: string | undefined; onProgress: (share: number) => void }
export const useUpload = () =>
  useImportChange(({ kind, files, name, preset, onProgress }: Upload) => {
    const asked = new URLSearchParams({ kind, name, ...(preset && { mapping: `preset:${preset}` }) })
    return sendFiles<ImportDetail>(`/api/imports?${asked}`, files, onProgress)
  })

/** How an import is run: by a mapping, or by a description that ships with the system. */
export type Plan = { mapping?: Mapping; preset?: string; options: Options }
export const useDryRun = (id: string) => useImportChange((body: Plan) => answer<JobAsked>(api.POST('/api/imports/{import_id}/dry-run', { ...runPath(id), body })))
export const useStart = (id: string) => useImportChange((body: Plan) => answer<JobAsked>(api.POST('/api/imports/{import_id}/start', { ...runPath(id), body })))
export const useUndo = (id: string) => useImportChange(() => answer<JobAsked>(api.POST('/api/imports/{import_id}/undo', runPath(id))))

/** Refused rows that were mended by hand, as a new import with the same mapping. */
export const useRejectsAgain = (id: string) =>
  useImportChange((file: File) => sendFiles<ImportDetail>(`/api/imports/${id}/replay`, [file], () => undefined))

import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api } from '@/api/client'
import { usePages } from '@/lib/pages'

import type { Batch, BatchBody, BatchChange, CodeRow, Comparison, Design, DesignBody, DesignKind, Leaver, Metric } from './types'

const key = 'cards'
const designPath = (id: string) => ({ params: { path: { design_id: id } } })
const batchPath = (id: string) => ({ params: { path: { card_batch_id: id } } })

export function useDesigns(archived = false) {
  return usePages<Design>([key, 'designs', archived], (cursor) => answer(api.GET('/api/cards/designs', { params: { query: { archived, cursor, limit: 50 } } })))
}

export function useDesign(id: string | undefined) {
  return useQuery({ queryKey: [key, 'design', id], queryFn: () => answer<Design>(api.GET('/api/cards/designs/{design_id}', designPath(id ?? ''))), enabled: id !== undefined })
}

export function useBatches(filter: { kind?: DesignKind; design_id?: string }) {
  return usePages<Batch>([key, 'batches', filter], (cursor) => answer(api.GET('/api/cards/batches', { params: { query: { ...filter, cursor, limit: 50 } } })))
}

export const useBatch = (id: string) =>
  useQuery({ queryKey: [key, 'batch', id], queryFn: () => answer<Batch>(api.GET('/api/cards/batches/{card_batch_id}', batchPath(id))), refetchInterval: 15_000 })

export const useLeavers = (id: string) =>
  useQuery({ queryKey: [key, 'leavers', id], queryFn: () => answer<Leaver[]>(api.GET('/api/cards/batches/{card_batch_id}/leavers', batchPath(id))) })

export function useComparison(metric: Metric, by: 'batch' | 'design', ids: string[]) {
  const query = by === 'batch' ? { metric, batch: ids } : { metric, design: ids }
  return useQuery({
    queryKey: [key, 'compare', query],
    queryFn: () => answer<Comparison>(api.GET('/api/cards/compare', { params: { query } })),
    enabled: ids.length > 1,
    placeholderData: keepPreviousData,
  })
}

/** Channel codes to be chosen from; each batch gets one of its own. */
export const useCodeChoice = () =>
  useQuery({
    queryKey: [key, 'codes'],
    queryFn: () => answer<{ rows: CodeRow[] }>(api.GET('/api/acquisition/codes', { params: { query: { limit: 200 } } })),
    select: (page) => page.rows.filter((code) => code.kind !== 'link'),
  })

function useCardsChange<V, R>(change: (values: V) => Promise<R>) {
  const cache = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => cache.invalidateQueries({ queryKey: [key] }) })
}

export const useSaveDesign = (id: string | undefined) =>
  useCardsChange((body: DesignBody) =>
    answer<Design>(id === undefined ? api.POST('/api/cards/designs', { body }) : api.PUT('/api/cards/designs/{design_id}', { ...designPath(id), body })))
export const useArchiveDesign = () =>
  useCardsChange(({ id, is_archived }: { id: string; is_archived: boolean }) => answer<Design>(api.PUT('/api/cards/designs/{design_id}/archive', { ...designPath(id), body: { is_archived } })))
export const useAddBatch = () => useCardsChange((body: BatchBody) => answer<Batch>(api.POST('/api/cards/batches', { body })))
export const useChangeBatch = (id: string) => useCardsChange((body: BatchChange) => answer<Batch>(api.PATCH('/api/cards/batches/{card_batch_id}', { ...batchPath(id), body })))

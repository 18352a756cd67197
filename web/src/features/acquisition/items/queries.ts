import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api } from '@/api/client'
import { usePages } from '@/lib/pages'

import type { Award, Batch, BatchBody, BatchChange, Draw, DrawBody, Figures } from './types'

const key = 'items'
const batchPath = (id: string) => ({ params: { path: { item_batch_id: id } } })
const drawPath = (id: string) => ({ params: { path: { draw_id: id } } })

export function useBatches() {
  return usePages<Batch>([key, 'batches'], (cursor) => answer(api.GET('/api/item-codes/batches', { params: { query: { cursor, limit: 50 } } })))
}

export const useBatch = (id: string) =>
  useQuery({ queryKey: [key, 'batch', id], queryFn: () => answer<Batch>(api.GET('/api/item-codes/batches/{item_batch_id}', batchPath(id))), refetchInterval: 15_000 })

export const useFigures = (id: string) =>
  useQuery({ queryKey: [key, 'figures', id], queryFn: () => answer<Figures>(api.GET('/api/item-codes/batches/{item_batch_id}/figures', batchPath(id))) })

export function useDraw(id: string | null) {
  return useQuery({ queryKey: [key, 'draw', id], queryFn: () => answer<Draw>(api.GET('/api/item-codes/draws/{draw_id}', drawPath(id ?? ''))), enabled: id !== null })
}

export function useAwards(id: string) {
  return usePages<Award>([key, 'awards', id], (cursor) => answer(api.GET('/api/item-codes/draws/{draw_id}/awards', { params: { path: { draw_id: id }, query: { cursor, limit: 50 } } })))
}

function useItemsChange<V, R>(change: (values: V) => Promise<R>) {
  const cache = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => cache.invalidateQueries({ queryKey: [key] }) })
}

export const useAddBatch = () => useItemsChange((body: BatchBody) => answer<Batch>(api.POST('/api/item-codes/batches', { body })))
export const useChangeBatch = (id: string) => useItemsChange((body: BatchChange) => answer<Batch>(api.PATCH('/api/item-codes/batches/{item_batch_id}', { ...batchPath(id), body })))
export const useWriteDraw = (id: string) => useItemsChange((body: DrawBody) => answer<Draw>(api.PUT('/api/item-codes/batches/{item_batch_id}/draw', { ...batchPath(id), body })))
export const usePublishDraw = () => useItemsChange((id: string) => answer<Draw>(api.POST('/api/item-codes/draws/{draw_id}/publication', drawPath(id))))
export const useEndDraw = () => useItemsChange((id: string) => answer<Draw>(api.POST('/api/item-codes/draws/{draw_id}/end', drawPath(id))))
export const useHandOver = (id: string) =>
  useItemsChange((ticket: number) => answer(api.POST('/api/item-codes/draws/{draw_id}/awards/{ticket}/handover', { params: { path: { draw_id: id, ticket } } })))

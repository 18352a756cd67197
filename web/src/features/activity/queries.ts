import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api } from '@/api/client'
import { usePages } from '@/lib/pages'

import type { EventKind, EventProperty, Order, OrderState, Rejected, RejectedDetail, Replay, Replayed } from './types'

export const useCatalogue = () => useQuery({ queryKey: ['catalogue'], queryFn: () => answer<{ rows: EventKind[] }>(api.GET('/api/events/catalogue')) })

export function useProperties(kind: string) {
  return useQuery({
    queryKey: ['catalogue', kind],
    queryFn: () => answer<{ rows: EventProperty[] }>(api.GET('/api/events/catalogue/{kind}', { params: { path: { kind } } })),
  })
}

export type OrderFilter = { shop?: string; member_id?: string; state?: OrderState }

export function useOrders(filter: OrderFilter) {
  return usePages<Order>(['orders', filter], (cursor) => answer(api.GET('/api/orders', { params: { query: { ...filter, limit: 50, cursor } } })))
}

export function useOrder(shop: string, order_no: string) {
  return useQuery({ queryKey: ['order', shop, order_no], queryFn: () => answer<Order>(api.GET('/api/orders/{shop}/{order_no}', { params: { path: { shop, order_no } } })) })
}

export type RejectedFilter = { source?: string; code?: string }

export function useRejected(filter: RejectedFilter) {
  return usePages<Rejected>(['rejected', filter], (cursor) => answer(api.GET('/api/rejected', { params: { query: { ...filter, limit: 50, cursor } } })))
}
export function useRejectedOne(id: string) {
  return useQuery({ queryKey: ['rejected', 'one', id], gcTime: 0, queryFn: () => answer<RejectedDetail>(api.GET('/api/rejected/{rejected_id}', { params: { path: { rejected_id: id } } })) })
}

export function useReplay() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: Replay) => answer<Replayed>(api.POST('/api/rejected/replay', { body })),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['rejected'] }),
  })
}

/** One message, mended by hand if need be. */
export function useReplayOne(id: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (message: Record<string, unknown> | undefined) =>
      answer<Replayed>(api.POST('/api/rejected/{rejected_id}/replay', { params: { path: { rejected_id: id } }, body: message ? { message } : null })),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['rejected'] }),
  })
}

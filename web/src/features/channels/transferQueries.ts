import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api } from '@/api/client'
import { usePages } from '@/lib/pages'

import type { Transfer, TransferCustomer, TransferFilter, TransferIn, TransferPlan, TransferState, Unassigned } from './types'

const key = 'transfers'
const path = (id: string) => ({ params: { path: { transfer_id: id } } })

export function useTransfers(filter: TransferFilter) {
  return usePages<Transfer>([key, 'list', filter], (cursor) => answer(api.GET('/api/channels/transfers', { params: { query: { ...filter, cursor, limit: 50 } } })))
}

export const useTransfer = (id: string) => useQuery({ queryKey: [key, 'one', id], queryFn: () => answer<Transfer>(api.GET('/api/channels/transfers/{transfer_id}', path(id))) })

export function useTransferCustomers(id: string, state?: TransferState) {
  return usePages<TransferCustomer>([key, 'customers', id, state], (cursor) =>
    answer(api.GET('/api/channels/transfers/{transfer_id}/customers', { params: { ...path(id).params, query: { state, cursor, limit: 50 } } })))
}

export function useUnassigned(accountId: string | undefined) {
  return useQuery({
    queryKey: [key, 'unassigned', accountId],
    queryFn: () => answer<Unassigned[]>(api.GET('/api/channels/unassigned', { params: { query: { account_id: accountId ?? '' } } })),
    enabled: Boolean(accountId),
  })
}

function useTransferChange<V, R>(change: (values: V) => Promise<R>) {
  const cache = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => cache.invalidateQueries({ queryKey: [key] }) })
}

export const usePlanTransfer = () => useMutation({ mutationFn: (body: TransferIn) => answer<TransferPlan>(api.POST('/api/channels/transfers/plan', { body })) })
export const useStartTransfer = () => useTransferChange((body: TransferIn) => answer<Transfer>(api.POST('/api/channels/transfers', { body })))
export const useRefreshTransfer = () => useTransferChange((id: string) => answer(api.POST('/api/channels/transfers/{transfer_id}/refresh', path(id))))

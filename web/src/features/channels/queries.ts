import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api } from '@/api/client'
import { usePages } from '@/lib/pages'

import type { Account, AccountChange, AccountIn, Callback, CallbackState, CorpStaff, Diagnosis, Simulator, SyncRun, TestIn, TestOutcome, Verdict } from './types'

const key = 'channels'
const path = (id: string) => ({ params: { path: { account_id: id } } })

// Long enough that a page does not ask twice while it is read, short enough that a check just made shows.
const FRESH_MS = 30_000

export const useAccounts = () =>
  useQuery({ queryKey: [key, 'accounts'], queryFn: () => answer<Account[]>(api.GET('/api/channels/accounts')), staleTime: FRESH_MS })

export const useAccount = (id: string) => useQuery({ queryKey: [key, 'account', id], queryFn: () => answer<Account>(api.GET('/api/channels/accounts/{account_id}', path(id))) })

export function useCorpStaff(id: string | undefined) {
  return useQuery({
    queryKey: [key, 'staff', id],
    queryFn: async () => (await answer<{ rows: CorpStaff[] }>(api.GET('/api/channels/accounts/{account_id}/staff', path(id ?? '')))).rows,
    enabled: Boolean(id),
    staleTime: FRESH_MS,
  })
}

export const useDiagnosis = (id: string) =>
  useQuery({ queryKey: [key, 'diagnosis', id], queryFn: () => answer<Diagnosis>(api.GET('/api/channels/accounts/{account_id}/diagnosis', path(id))) })

export function useSyncs(id: string, isRunning: (rows: SyncRun[]) => boolean) {
  return useQuery({
    queryKey: [key, 'syncs', id],
    queryFn: async () => (await answer<{ rows: SyncRun[] }>(api.GET('/api/channels/accounts/{account_id}/syncs', path(id)))).rows,
    refetchInterval: (query) => (query.state.data && isRunning(query.state.data) ? 1500 : false),
  })
}

export function useCallbacks(accountId: string, state?: CallbackState) {
  return usePages<Callback>([key, 'callbacks', accountId, state], (cursor) =>
    answer(api.GET('/api/channels/callbacks', { params: { query: { account_id: accountId, state, cursor, limit: 50 } } })))
}

export const useSimulator = () => useQuery({ queryKey: [key, 'simulator'], queryFn: () => answer<Simulator>(api.GET('/api/channels/simulator')), retry: false })

function useChange<V, R>(change: (values: V) => Promise<R>) {
  const cache = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => cache.invalidateQueries({ queryKey: [key] }) })
}

export const useConnect = () => useChange((body: AccountIn) => answer<Account>(api.POST('/api/channels/accounts', { body })))
export const useChangeAccount = () =>
  useChange(({ id, ...body }: AccountChange & { id: string }) => answer<Account>(api.PATCH('/api/channels/accounts/{account_id}', { ...path(id), body })))
export const useCheck = () => useChange((id: string) => answer<Verdict>(api.POST('/api/channels/accounts/{account_id}/check', path(id))))
export const usePause = () => useChange((id: string) => answer(api.POST('/api/channels/accounts/{account_id}/pause', path(id))))
export const useResume = () => useChange((id: string) => answer(api.POST('/api/channels/accounts/{account_id}/resume', path(id))))
export const useSync = () => useChange((id: string) => answer<SyncRun>(api.POST('/api/channels/accounts/{account_id}/sync', path(id))))
export const useStopSync = () =>
  useChange((run: SyncRun) => answer<SyncRun>(api.POST('/api/channels/accounts/{account_id}/sync/{sync_id}/stop', { params: { path: { account_id: run.account_id, sync_id: run.id } } })))
export const useLinkStaff = () =>
  useChange(({ account_id, userid, staff_id }: { account_id: string; userid: string; staff_id: string | null }) =>
    answer(api.PUT('/api/channels/accounts/{account_id}/staff/{userid}', { params: { path: { account_id, userid } }, body: { staff_id } })))
export const useReplay = () => useChange((id: number) => answer(api.POST('/api/channels/callbacks/{callback_id}/replay', { params: { path: { callback_id: id } } })))
export const useUseSimulator = () => useChange(() => answer<{ job_id: string }>(api.POST('/api/channels/simulator')))
export const useTest = () =>
  useChange(({ id, ...body }: TestIn & { id: string }) => answer<TestOutcome>(api.POST('/api/channels/accounts/{account_id}/test', { ...path(id), body })))

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api, rememberCsrf } from '@/api/client'
import { usePages } from '@/lib/pages'
import type { Session } from '@/lib/session'

import type { AuditEntry, AuditVerdict, OneTimeLink, PermissionText, Role, RoleIn, TotpStart, User, UserIn } from './types'

const sessionKey = ['session']

async function remembered(session: Session): Promise<Session> {
  rememberCsrf(session.csrf_token)
  return session
}

export function useSessionQuery() {
  return useQuery({ queryKey: sessionKey, queryFn: () => answer<Session>(api.GET('/api/session')).then(remembered), staleTime: 60_000 })
}

function useSigning<V>(sign: (values: V) => Promise<Session>) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (values: V) => sign(values).then(remembered),
    onSuccess: (session) => {
      cache.clear()
      cache.setQueryData(sessionKey, session)
    },
  })
}

export type Credentials = { workspace?: string; email: string; password: string; totp?: string }

export function useSignIn() {
  return useSigning((values: Credentials) => answer<Session>(api.POST('/api/session', { body: values })))
}

export function useSignInByLink() {
  return useSigning((values: { workspace: string; token: string }) => answer<Session>(api.POST('/api/session/link', { body: values })))
}

export function useSignOut() {
  const cache = useQueryClient()
  return useMutation({ mutationFn: () => answer(api.DELETE('/api/session')), onSettled: () => cache.clear() })
}

/** A change of one's own account; the session shows it at once. */
function useAccountChange<V, R = unknown>(change: (values: V) => Promise<R>) {
  const cache = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => cache.invalidateQueries({ queryKey: sessionKey }) })
}

export const useRename = () => useAccountChange((body: { name?: string; locale?: 'zh-CN' | 'en' }) => answer(api.PUT('/api/account', { body })))
export const useNewPassword = () => useAccountChange((body: { old?: string; new: string }) => answer(api.PUT('/api/account/password', { body })))
export const useTotpStart = () => useMutation({ mutationFn: () => answer<TotpStart>(api.POST('/api/account/totp')) })
export const useTotpConfirm = () => useAccountChange((code: string) => answer(api.PUT('/api/account/totp', { body: { code } })))
export const useTotpEnd = () => useAccountChange(() => answer(api.DELETE('/api/account/totp')))

export function useUsers() {
  return usePages<User>(['users'], (cursor) => answer(api.GET('/api/users', { params: { query: { limit: 100, cursor } } })))
}

/** A change of users or roles; both lists are read again. */
function useAccessChange<V, R = unknown>(change: (values: V) => Promise<R>) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () => Promise.all([cache.invalidateQueries({ queryKey: ['users'] }), cache.invalidateQueries({ queryKey: ['roles'] })]),
  })
}

export const useAddUser = () => useAccessChange((body: UserIn) => answer<User>(api.POST('/api/users', { body })))
export const useChangeUser = () =>
  useAccessChange(({ id, ...body }: { id: string; roles?: string[]; unit_ids?: string[]; disabled?: boolean; name?: string }) =>
    answer<User>(api.PATCH('/api/users/{user_id}', { params: { path: { user_id: id } }, body })))
export const useUserLink = () =>
  useMutation({ mutationFn: (id: string) => answer<OneTimeLink>(api.POST('/api/users/{user_id}/link', { params: { path: { user_id: id } } })) })

export const useRoles = () => useQuery({ queryKey: ['roles'], queryFn: () => answer<{ rows: Role[] }>(api.GET('/api/roles')) })
export const usePermissionTexts = () =>
  useQuery({ queryKey: ['permissions'], queryFn: () => answer<PermissionText[]>(api.GET('/api/permissions')), staleTime: Infinity })
export const useAddRole = () => useAccessChange((body: RoleIn) => answer<Role>(api.POST('/api/roles', { body })))
export const useChangeRole = () =>
  useAccessChange(({ id, ...body }: RoleIn & { id: string }) => answer<Role>(api.PUT('/api/roles/{role_id}', { params: { path: { role_id: id } }, body })))
export const useDropRole = () => useAccessChange((id: string) => answer(api.DELETE('/api/roles/{role_id}', { params: { path: { role_id: id } } })))

export type AuditFilter = { actor?: string; action?: string; subject?: string; from?: string; to?: string }

export function useAudit(filter: AuditFilter) {
  return usePages<AuditEntry>(['audit', filter], (cursor) => answer(api.GET('/api/audit', { params: { query: { ...filter, limit: 50, cursor } } })))
}
export const useAuditVerify = () => useMutation({ mutationFn: () => answer<AuditVerdict>(api.POST('/api/audit/verify')) })

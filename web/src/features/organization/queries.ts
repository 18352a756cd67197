import { useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api } from '@/api/client'
import { usePages } from '@/lib/pages'

import type { Staff, StaffChange, StaffIn, Unit, UnitChange, UnitIn, UnitKind, UnitMove, UnitNode } from './types'

const key = 'organization'

export const useTree = () => useQuery({ queryKey: [key, 'tree'], queryFn: () => answer<UnitNode[]>(api.GET('/api/org/tree')), staleTime: 60_000 })

export function useUnit(id: string | undefined) {
  return useQuery({
    queryKey: [key, 'unit', id],
    queryFn: () => answer<Unit>(api.GET('/api/org/units/{unit_id}', { params: { path: { unit_id: id ?? '' } } })),
    enabled: id !== undefined,
  })
}

export function useUnitMoves(id: string) {
  return useQuery({ queryKey: [key, 'moves', id], queryFn: () => answer<{ rows: UnitMove[] }>(api.GET('/api/org/units/{unit_id}/history', { params: { path: { unit_id: id } } })) })
}

export type StoreFilter = { kind?: UnitKind; q?: string }

export function useUnits(filter: StoreFilter) {
  return usePages<Unit>([key, 'units', filter], (cursor) => answer(api.GET('/api/org/units', { params: { query: { ...filter, limit: 50, cursor } } })))
}

export type StaffFilter = { unit_id?: string; q?: string }

export function useStaff(filter: StaffFilter) {
  return usePages<Staff>([key, 'staff', filter], (cursor) => answer(api.GET('/api/org/staff', { params: { query: { ...filter, limit: 50, cursor } } })))
}

/** Who stands behind single ids or codes: for a picker whose choice is not among the rows it shows. */
export function useStaffOf(by: 'id' | 'code' | 'wecom_userid', names: string[]) {
  const read = async (name: string) => {
    if (by === 'id') return answer<Staff>(api.GET('/api/org/staff/{staff_id}', { params: { path: { staff_id: name } } }))
    const found = await answer<{ rows: Staff[] }>(api.GET('/api/org/staff', { params: { query: { q: name, limit: 50 } } }))
    return found.rows.find((each) => each[by] === name) ?? null
  }
  const asked = useQueries({ queries: names.map((name) => ({ queryKey: [key, 'staff-of', by, name], queryFn: () => read(name), staleTime: 60_000, retry: false })) })
  return asked.flatMap(({ data }) => (data ? [data] : []))
}

function useOrganizationChange<V, R>(change: (values: V) => Promise<R>) {
  const cache = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => cache.invalidateQueries({ queryKey: [key] }) })
}

const unitPath = (id: string) => ({ params: { path: { unit_id: id } } })
const staffPath = (id: string) => ({ params: { path: { staff_id: id } } })

export const useAddUnit = () => useOrganizationChange((body: UnitIn) => answer<Unit>(api.POST('/api/org/units', { body })))
export const useChangeUnit = () =>
  useOrganizationChange(({ id, ...body }: UnitChange & { id: string }) => answer<Unit>(api.PATCH('/api/org/units/{unit_id}', { ...unitPath(id), body })))
export const useMoveUnit = () =>
  useOrganizationChange(({ id, ...body }: { id: string; parent_id: string; effective_on: string }) => answer(api.POST('/api/org/units/{unit_id}/move', { ...unitPath(id), body })))
export const useAddStaff = () => useOrganizationChange((body: StaffIn) => answer<Staff>(api.POST('/api/org/staff', { body })))
export const useChangeStaff = () =>
  useOrganizationChange(({ id, ...body }: StaffChange & { id: string }) => answer<Staff>(api.PATCH('/api/org/staff/{staff_id}', { ...staffPath(id), body })))
export const useMoveStaff = () =>
  useOrganizationChange(({ id, ...body }: { id: string; unit_id: string; effective_on: string }) => answer(api.POST('/api/org/staff/{staff_id}/move', { ...staffPath(id), body })))

import { useMutation, useQuery } from '@tanstack/react-query'

import { answer, api } from '@/api/client'

import type { Account, CorpStaff } from './types'

type Adoption = { account: Account; people: CorpStaff[]; unitId?: string; unitName?: string }

/** Whether the organisation has any unit yet. */
export const useHasUnits = (enabled: boolean) =>
  useQuery({ queryKey: ['organization', 'any'], queryFn: async () => (await answer<{ rows: unknown[] }>(api.GET('/api/org/units', { params: { query: { limit: 1 } } }))).rows.length > 0, enabled })

/** Makes staff of members, one after the other, and says who each is; the unit is made first where it is new. */
export function useAdoptStaff(told: (done: number) => void) {
  return useMutation({
    mutationFn: async ({ account, people, unitId, unitName }: Adoption) => {
      const unit = unitId ?? (await answer<{ id: string }>(api.POST('/api/org/units', { body: { code: `wecom-${account.corp_id.slice(-8)}`, name: unitName ?? account.name, kind: 'store' } }))).id
      for (const [place, one] of people.entries()) {
        const staff = await answer<{ id: string }>(api.POST('/api/org/staff', { body: { code: one.userid, name: one.name || one.userid, unit_id: unit, wecom_userid: one.userid } }))
        await answer(api.PUT('/api/channels/accounts/{account_id}/staff/{userid}', { params: { path: { account_id: account.id, userid: one.userid } }, body: { staff_id: staff.id } }))
        told(place + 1)
      }
    },
  })
}

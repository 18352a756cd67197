import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'

import { answer, api } from '@/api/client'

import type { StaffDay } from './types'

export type StaffDayFilter = { account_id: string; userid?: string; from: string; to: string }

export function useStaffDays(filter: StaffDayFilter) {
  return useQuery({
    queryKey: ['staff-days', filter],
    queryFn: () => answer<StaffDay[]>(api.GET('/api/channels/staff-days', { params: { query: filter } })),
    enabled: filter.account_id !== '',
    placeholderData: keepPreviousData,
  })
}

export const useFetchStaffDays = () =>
  useMutation({ mutationFn: ({ account_id, from, to }: StaffDayFilter) => answer<{ job_id: string }>(api.POST('/api/channels/staff-days/sync', { body: { account_id, first: from, last: to } })) })

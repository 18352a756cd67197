import { keepPreviousData, useQuery } from '@tanstack/react-query'

import { answer, api } from '@/api/client'

import type { Overview } from './types'

export type Range = { from?: string; to?: string }

export function useOverview(range: Range) {
  return useQuery({
    queryKey: ['overview', range],
    queryFn: () => answer<Overview>(api.GET('/api/overview', { params: { query: range } })),
    placeholderData: keepPreviousData,
  })
}

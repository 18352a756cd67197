import { useQuery } from '@tanstack/react-query'

import { answer, api } from '@/api/client'
import type { components } from '@/api/schema'

export type Job = components['schemas']['JobOut']

// Often enough that a bar moves, seldom enough not to load a server that is busy with the job.
const POLL_MS = 1000
const ended = new Set<string>(['done', 'failed', 'cancelled'])

export const isEnded = (job: Job | undefined) => job !== undefined && ended.has(job.state)

/** A piece of long work, asked for again until it has ended. */
export function useJob(id: string | null | undefined) {
  return useQuery({
    queryKey: ['jobs', 'one', id],
    queryFn: () => answer<Job>(api.GET('/api/jobs/{job_id}', { params: { path: { job_id: id ?? '' } } })),
    enabled: Boolean(id),
    refetchInterval: (query) => (isEnded(query.state.data) ? false : POLL_MS),
  })
}

/** How much of a job is done, 0 to 100; nothing while its size is unknown. */
export function percentOf(job: Job | undefined): number {
  const { done = 0, total } = job?.progress ?? {}
  return total ? Math.min(100, Math.floor((done / total) * 100)) : 0
}

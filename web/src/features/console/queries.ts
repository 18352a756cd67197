import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api } from '@/api/client'
import { usePages } from '@/lib/pages'

import type { FirstRunState, Job, JobAsked, JobState, SettingsChange, SettingsOfDomain, SystemState, WorkspaceChange, WorkspaceSettings } from './types'

export const useFirstRun = () => useQuery({ queryKey: ['first-run'], queryFn: () => answer<FirstRunState>(api.GET('/api/first-run')) })
export const useLoadDemo = () => useMutation({ mutationFn: () => answer<JobAsked>(api.POST('/api/first-run/demo')) })

export function useJobs(state: JobState | undefined) {
  return usePages<Job>(['jobs', 'list', state], (cursor) => answer(api.GET('/api/jobs', { params: { query: { state, limit: 50, cursor } } })))
}

export function useCancelJob() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => answer(api.POST('/api/jobs/{job_id}/cancel', { params: { path: { job_id: id } } })),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['jobs'] }),
  })
}

export const useWorkspace = () => useQuery({ queryKey: ['workspace'], queryFn: () => answer<WorkspaceSettings>(api.GET('/api/workspace')) })

export function useChangeWorkspace() {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (body: WorkspaceChange) => answer<WorkspaceSettings>(api.PUT('/api/workspace', { body })),
    onSuccess: () => Promise.all([cache.invalidateQueries({ queryKey: ['workspace'] }), cache.invalidateQueries({ queryKey: ['session'] })]),
  })
}

export const useSettings = () => useQuery({ queryKey: ['settings'], queryFn: () => answer<SettingsOfDomain[]>(api.GET('/api/workspace/settings')) })

export function useChangeSettings(group: string) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (changes: SettingsChange['changes']) => answer<SettingsOfDomain>(api.PUT('/api/workspace/settings/{group}', { params: { path: { group } }, body: { changes } })),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['settings'] }),
  })
}

export const useSystem = () => useQuery({ queryKey: ['system'], queryFn: () => answer<SystemState>(api.GET('/api/workspace/system')), refetchInterval: 10_000 })
export const useBackup = () => useMutation({ mutationFn: () => answer<JobAsked>(api.POST('/api/workspace/backup')) })

export type ClockChange = { now: string } | { advance: string }

/** Moving the clock changes everything that has a date. */
export function useMoveClock() {
  const cache = useQueryClient()
  return useMutation({ mutationFn: (body: ClockChange) => answer<{ now: string }>(api.POST('/lab/clock', { body })), onSuccess: () => cache.invalidateQueries() })
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api } from '@/api/client'
import { usePages } from '@/lib/pages'

import type { DryRun, Fate, Fault, Graph, Journey, JourneyIn, JourneyKind, JourneyRow, JourneyState, Pressure, Sop, Standing, Template, Version, Whereabouts } from './types'

const key = 'journeys'
const root = '/api/engagement/journeys'
// A beat comes every few seconds; the figures on the canvas follow it.
const FOLLOW_MS = 10_000
const path = (id: string) => ({ params: { path: { journey_id: id } } })

export type Filter = { kinds: JourneyKind[]; state?: JourneyState; q?: string }
export const useJourneys = ({ kinds, state, q }: Filter) =>
  usePages<JourneyRow>([key, 'list', kinds, state, q], (cursor) => answer(api.GET(root, { params: { query: { kind: kinds, state, q, cursor, limit: 50 } } })))
export const useJourney = (id: string) => useQuery({ queryKey: [key, 'one', id], queryFn: () => answer<Journey>(api.GET(`${root}/{journey_id}`, path(id))) })
export const useTemplates = (enabled: boolean) =>
  useQuery({ queryKey: [key, 'templates'], queryFn: () => answer<Template[]>(api.GET(`${root}/templates`)), enabled, staleTime: Infinity })
export const useVersions = (id: string) => useQuery({ queryKey: [key, 'versions', id], queryFn: () => answer<Version[]>(api.GET(`${root}/{journey_id}/versions`, path(id))) })
export const useStanding = (id: string) =>
  useQuery({ queryKey: [key, 'standing', id], queryFn: () => answer<Standing>(api.GET(`${root}/{journey_id}/standing`, path(id))), refetchInterval: FOLLOW_MS })
export const useAtNode = (id: string, node: string) =>
  usePages<Whereabouts>([key, 'at', id, node], (cursor) =>
    answer(api.GET(`${root}/{journey_id}/nodes/{node}/members`, { params: { path: { journey_id: id, node }, query: { cursor, limit: 50 } } })))
/** Asked anew whenever the graph changes. */
export const useFaults = (draft: Graph | undefined) =>
  useQuery({ queryKey: [key, 'faults', draft], queryFn: () => answer<Fault[]>(api.POST(`${root}/check`, { body: { draft: draft ?? {} } })), enabled: draft !== undefined })
export const usePressure = (draft: Graph | undefined) =>
  useQuery({ queryKey: [key, 'pressure', draft], queryFn: () => answer<Pressure>(api.POST(`${root}/pressure`, { body: { draft: draft ?? {} } })), enabled: draft !== undefined, retry: false })

export const useDryRun = () =>
  useMutation({ mutationFn: (body: { draft: Graph; since: string; until: string }) => answer<DryRun>(api.POST(`${root}/dry-run`, { body })) })

function useJourneyChange<V>(change: (values: V) => Promise<Journey>) {
  const cache = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: (journey) => {
      cache.setQueryData([key, 'one', journey.id], journey)
      void cache.invalidateQueries({ queryKey: [key, 'list'] })
      void cache.invalidateQueries({ queryKey: [key, 'versions', journey.id] })
      void cache.invalidateQueries({ queryKey: [key, 'standing', journey.id] })
    },
  })
}
export const useMakeJourney = () => useJourneyChange((body: Partial<JourneyIn> & { name: string }) => answer<Journey>(api.POST(root, { body: body as JourneyIn })))
export type SaveIn = { id: string; revision: number; name: string; description: string; draft?: Graph; sop?: Sop }
export const useSaveJourney = () =>
  useJourneyChange(({ id, draft, sop, ...body }: SaveIn) =>
    answer<Journey>(api.PUT(`${root}/{journey_id}`, { ...path(id), body: { ...body, draft: draft ?? null, sop: sop ?? null } })))
export const usePublish = () =>
  useJourneyChange(({ id, plan, note }: { id: string; plan: Record<string, Fate>; note: string }) =>
    answer<Journey>(api.POST(`${root}/{journey_id}/versions`, { ...path(id), body: { plan, note } })))
export const usePause = () => useJourneyChange((id: string) => answer<Journey>(api.PUT(`${root}/{journey_id}/pause`, path(id))))
export const useResume = () => useJourneyChange((id: string) => answer<Journey>(api.DELETE(`${root}/{journey_id}/pause`, path(id))))
export const useStop = () => useJourneyChange((id: string) => answer<Journey>(api.PUT(`${root}/{journey_id}/stop`, path(id))))

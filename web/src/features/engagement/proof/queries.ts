import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api } from '@/api/client'
import type { components } from '@/api/schema'
import { usePages } from '@/lib/pages'

type Schemas = components['schemas']

export type Experiment = Schemas['ExperimentOut']
export type Report = Schemas['ReportOut']
export type OutcomeReport = Schemas['OutcomeOut']
export type ArmFigures = Schemas['ArmFiguresOut']
export type Effect = Schemas['IntervalOut']
export type Place = Schemas['TriedOut']
export type League = Schemas['LeagueOut']
export type Holdout = Schemas['HoldoutOut']
export type HoldoutBody = Schemas['HoldoutIn']
export type Of = 'experiment' | 'guide' | 'store'

const key = 'proof'
// A report that is looked at follows what arrives.
const FOLLOW_MS = 60_000

const path = (id: string) => ({ params: { path: { experiment_id: id } } })

export const useExperiments = (state: 'running' | 'ended') =>
  usePages<Experiment>([key, 'experiments', state], (cursor) => answer(api.GET('/api/experiments', { params: { query: { state, cursor, limit: 50 } } })))

/** The newest experiment of a campaign or journey. */
export const useNewestExperiment = (originId: string) =>
  useQuery({
    queryKey: [key, 'experiments', 'of', originId],
    queryFn: async () => (await answer(api.GET('/api/experiments', { params: { query: { origin_id: originId, limit: 1 } } }))).rows[0] ?? null,
  })

export const useExperiment = (id: string) =>
  useQuery({ queryKey: [key, 'experiment', id], queryFn: () => answer<Experiment>(api.GET('/api/experiments/{experiment_id}', path(id))) })

export const useReport = (id: string) =>
  useQuery({ queryKey: [key, 'report', id], queryFn: () => answer<Report>(api.GET('/api/experiments/{experiment_id}/report', path(id))), refetchInterval: FOLLOW_MS })

export const useLeague = (of: Of, days: number) =>
  useQuery({
    queryKey: [key, 'league', of, days],
    queryFn: () => answer<League>(api.GET('/api/effects', { params: { query: { of, days } } })),
    placeholderData: keepPreviousData,
  })

export const useHoldout = () => useQuery({ queryKey: [key, 'holdout'], queryFn: () => answer<Holdout>(api.GET('/api/holdout')) })

function useProofChange<T, V>(change: (value: V) => Promise<T>) {
  const cache = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => cache.invalidateQueries({ queryKey: [key] }) })
}

export const useEndExperiment = () => useProofChange((id: string) => answer<Experiment>(api.POST('/api/experiments/{experiment_id}/end', path(id))))
export const usePutHoldout = () => useProofChange((body: HoldoutBody) => answer<Holdout>(api.PUT('/api/holdout', { body })))
export const useRefreshHoldout = () => useProofChange(() => answer<Holdout>(api.POST('/api/holdout/refresh')))
export const useStopHoldout = () => useProofChange(() => answer<Holdout>(api.DELETE('/api/holdout')))

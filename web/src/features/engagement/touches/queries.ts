import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, api } from '@/api/client'
import { usePages } from '@/lib/pages'

import { sum, total } from './model'
import type { Calendar, CalendarBody, Campaign, CampaignBody, CampaignKind, CampaignState, Delivery, Fate, Letter, Occurrence, Pressure, Progress, Rule, RuleBody, Rules, Totals, Touch } from './types'

const key = 'touches'
// While something goes, its numbers are followed closely.
const LIVE_MS = 3_000
const live = new Set(['scheduled', 'running', 'paused'])
const at = (id: string) => ({ params: { path: { campaign_id: id } } })

export function useCampaigns(filter: { kind: CampaignKind; q?: string; state?: CampaignState }) {
  return usePages<Campaign>([key, 'list', filter], (cursor) => answer(api.GET('/api/engagement/campaigns', { params: { query: { ...filter, cursor, limit: 50 } } })))
}

export const useCampaign = (id: string | undefined) =>
  useQuery({
    queryKey: [key, 'one', id],
    queryFn: () => answer<Campaign>(api.GET('/api/engagement/campaigns/{campaign_id}', at(id ?? ''))),
    enabled: Boolean(id),
    refetchInterval: (query) => (live.has(query.state.data?.state ?? '') ? LIVE_MS : false),
  })

/** Whether figures are still to come: a campaign is done when all is planned, its last calls and their counting are not. */
const isComing = (progress: Progress | undefined) =>
  !progress || progress.waiting + sum(progress.by_fate, ['claimed', 'calling']) > 0 || total(progress.by_fate) + total(progress.by_reason) === 0

/** Asked anew when the last batch has gone: the figures of a moment before would stay otherwise. */
export const useProgress = (id: string, isLive: boolean) =>
  useQuery({
    queryKey: [key, 'progress', id, isLive],
    queryFn: () => answer<Progress>(api.GET('/api/engagement/campaigns/{campaign_id}/progress', at(id))),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (isLive || isComing(query.state.data) ? LIVE_MS : 30_000),
  })

export const useOccurrences = (id: string) =>
  useQuery({ queryKey: [key, 'occurrences', id], queryFn: () => answer<{ rows: Occurrence[] }>(api.GET('/api/engagement/campaigns/{campaign_id}/occurrences', at(id))), refetchInterval: 30_000 })

/** What launching a draft would come to; the last answer stays while it is edited. */
export const usePressure = (draft: CampaignBody | undefined, id: string | undefined) =>
  useQuery({
    queryKey: [key, 'pressure', draft, id],
    queryFn: () => answer<Pressure>(api.POST('/api/engagement/campaigns/pressure', { body: { draft: draft as CampaignBody, campaign_id: id ?? '' } })),
    enabled: Boolean(draft?.audience_id && draft.account_id),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 20_000,
  })

function useTouchChange<V, R>(change: (values: V) => Promise<R>) {
  const cache = useQueryClient()
  return useMutation({ mutationFn: change, onSuccess: () => cache.invalidateQueries({ queryKey: [key] }) })
}

export const useSaveCampaign = (id: string | undefined) =>
  useTouchChange(({ draft, version }: { draft: CampaignBody; version: number }) =>
    answer<Campaign>(id ? api.PUT('/api/engagement/campaigns/{campaign_id}', { ...at(id), body: { version, draft } }) : api.POST('/api/engagement/campaigns', { body: draft })))
export const useLaunch = () => useTouchChange(({ id, version }: { id: string; version: number }) => answer<Campaign>(api.POST('/api/engagement/campaigns/{campaign_id}/launch', { ...at(id), body: { version } })))
export const usePause = (id: string) => useTouchChange(() => answer<Campaign>(api.POST('/api/engagement/campaigns/{campaign_id}/pause', at(id))))
export const useResume = (id: string) => useTouchChange(() => answer<Campaign>(api.DELETE('/api/engagement/campaigns/{campaign_id}/pause', at(id))))
export const useStop = (id: string) => useTouchChange(() => answer<Campaign>(api.POST('/api/engagement/campaigns/{campaign_id}/stop', at(id))))
export const useRecall = (id: string) => useTouchChange(() => answer<{ taken_back: number; refused: number }>(api.POST('/api/engagement/campaigns/{campaign_id}/recall', at(id))))
export const useRemoveCampaign = (id: string) => useTouchChange(() => answer<undefined>(api.DELETE('/api/engagement/campaigns/{campaign_id}', at(id))))

type Part = { reason: string; name: string }
export const usePressureAudience = (draft: CampaignBody | undefined, id: string | undefined) =>
  useTouchChange((part: Part) => answer<{ id: string; members: number }>(api.POST('/api/engagement/campaigns/pressure/audience', { body: { ...part, draft: draft as CampaignBody, campaign_id: id ?? '' } })))
export const useDroppedAudience = (id: string) => useTouchChange((part: Part) => answer<{ id: string; members: number }>(api.POST('/api/engagement/campaigns/{campaign_id}/audience', { ...at(id), body: part })))

export const useRules = () => useQuery({ queryKey: [key, 'rules'], queryFn: () => answer<Rules>(api.GET('/api/engagement/rules')) })
export const useSaveRule = (id: string | undefined) =>
  useTouchChange((body: RuleBody) => answer<Rule>(id ? api.PUT('/api/engagement/rules/{rule_id}', { params: { path: { rule_id: id } }, body }) : api.POST('/api/engagement/rules', { body })))
export const useRemoveRule = () => useTouchChange((id: string) => answer<undefined>(api.DELETE('/api/engagement/rules/{rule_id}', { params: { path: { rule_id: id } } })))

export const useTouches = (filter: { origin_id?: string; fate?: Fate; channel?: string; sender?: string }) =>
  usePages<Touch>([key, 'ledger', filter], (cursor) => answer(api.GET('/api/engagement/touches', { params: { query: { ...filter, cursor, limit: 50 } } })))
export const useTotals = (days: number) => useQuery({ queryKey: [key, 'totals', days], queryFn: () => answer<Totals>(api.GET('/api/engagement/touches/totals', { params: { query: { days } } })), refetchInterval: 30_000 })
export const useLetters = (isOpen: boolean) =>
  usePages<Letter>([key, 'letters', isOpen], (cursor) => answer(api.GET('/api/engagement/letters', { params: { query: { is_open: isOpen, cursor, limit: 50 } } })))
export const useResolve = () =>
  useTouchChange(({ id, resolution }: { id: string; resolution: 'resend' | 'give_up' | 'delivered' }) => answer<undefined>(api.POST('/api/engagement/letters/{letter_key}/resolution', { params: { path: { letter_key: id } }, body: { resolution } })))

export const useCalendars = () => useQuery({ queryKey: [key, 'calendars'], queryFn: () => answer<{ rows: Calendar[] }>(api.GET('/api/engagement/calendars')) })
export const useSaveCalendar = (id: string | undefined) =>
  useTouchChange((body: CalendarBody) => answer<Calendar>(id ? api.PUT('/api/engagement/calendars/{calendar_id}', { params: { path: { calendar_id: id } }, body }) : api.POST('/api/engagement/calendars', { body })))
export const useRemoveCalendar = () => useTouchChange((id: string) => answer<undefined>(api.DELETE('/api/engagement/calendars/{calendar_id}', { params: { path: { calendar_id: id } } })))
export const useDeliveries = (since: string, until: string) =>
  useQuery({ queryKey: [key, 'deliveries', since, until], queryFn: () => answer<{ rows: Delivery[] }>(api.GET('/api/engagement/deliveries', { params: { query: { since, until } } })), placeholderData: keepPreviousData })

/** Audiences to be chosen from. */
export const useAudienceChoice = () =>
  useQuery({ queryKey: [key, 'audiences'], queryFn: () => answer<{ rows: { id: string; name: string; count: number }[] }>(api.GET('/api/audiences', { params: { query: { limit: 200 } } })), staleTime: 60_000 })

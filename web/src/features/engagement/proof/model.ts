import type { Tone } from '@/design/Mark'

import type { ArmFigures, Experiment, OutcomeReport, Place } from './queries'

const percent = ['conversion', 'unsubscribed', 'deleted']

/** Shares are shown in per cent, amounts in money. */
export const isShare = (outcome: string): boolean => percent.includes(outcome)

export const verdictTones: Record<string, Tone> = { better: 'good', worse: 'bad', open: 'plain', blocked: 'warn' }

/** Where what an experiment is about has its own page. */
export function originPath(experiment: Pick<Experiment, 'origin_kind' | 'origin_id'>): string | null {
  if (experiment.origin_kind === 'campaign') return `/campaigns/${experiment.origin_id}`
  if (experiment.origin_kind === 'journey') return `/journeys/${experiment.origin_id}`
  return null
}

export type Row = { key: string; outcome: string; label: string; arm: ArmFigures; control: ArmFigures | undefined }

/** One row per outcome and arm beside the control. */
export function rowsOf(outcomes: OutcomeReport[], labels: string[]): Row[] {
  return outcomes.flatMap((one) =>
    one.arms.slice(1).map((arm) => ({ key: `${one.outcome}${arm.arm}`, outcome: one.outcome, label: labels[arm.arm] ?? '', arm, control: one.arms[0] })),
  )
}

/** The smallest and largest value that a row of intervals needs, 0 always within. */
export function reach(intervals: { low: number; high: number }[]): [number, number] {
  const low = Math.min(0, ...intervals.map((one) => one.low))
  const high = Math.max(0, ...intervals.map((one) => one.high))
  const room = (high - low || 1) * 0.04
  return [low - room, high + room]
}

/** The state of a place in the league. */
export function standing(place: Place): 'blocked' | 'unread' | 'found' | 'harm' | 'open' {
  if (place.is_blocked) return 'blocked'
  if (!place.per_unit_minor) return 'unread'
  if (!place.is_found) return 'open'
  return place.per_unit_minor.value > 0 ? 'found' : 'harm'
}

export const standingTones: Record<ReturnType<typeof standing>, Tone> = { blocked: 'warn', unread: 'plain', found: 'good', harm: 'bad', open: 'plain' }

import type { components } from '@/api/schema'

type Schemas = components['schemas']

export type Journey = Schemas['JourneyOut']
export type JourneyRow = Schemas['JourneyRowOut']
export type JourneyKind = Schemas['JourneyKind']
export type JourneyState = Schemas['JourneyState']
export type JourneyIn = Schemas['JourneyIn']
export type Template = Schemas['JourneyTemplateOut']
export type Fault = Schemas['GraphFaultOut']
export type Version = Schemas['JourneyVersionOut']
export type Standing = Schemas['StandingOut']
export type Flow = Schemas['FlowOut']
export type Whereabouts = Schemas['WhereaboutsOut']
export type Step = Schemas['StepOut']
export type DryRun = Schemas['DryRunOut']
export type Pressure = Schemas['JourneyPressureOut']
export type NodePressure = Schemas['NodePressureOut']
export type Fate = Schemas['FateIn']

export type NodeKind = 'wait' | 'split' | 'send' | 'task' | 'invite' | 'tag' | 'update' | 'coupon' | 'points' | 'webhook' | 'goal' | 'exit'
export type Branch = { id: string; if?: Record<string, unknown>; weight?: number; fate?: string; next?: string | null }
export type GraphNode = {
  kind: NodeKind
  name?: string
  at?: [number, number]
  mode?: string
  next?: string | null
  then?: string | null
  timeout_next?: string | null
  else?: string | null
  branches?: Branch[]
  arms?: Branch[]
  [setting: string]: unknown
}
export type Trigger = { kind: 'audience' | 'event' | 'date' | 'api'; [setting: string]: unknown }
export type EntryRule = { trigger: Trigger; reentry?: string; cooldown?: string; key?: string; condition?: Record<string, unknown> }
export type Exit = { event?: string; audience?: string; when?: string; is_keyed?: boolean }
export type Goal = { event: string; within?: string; since?: string; is_end?: boolean }
export type Graph = {
  entry: EntryRule
  start?: string | null
  nodes: Record<string, GraphNode>
  exits?: Exit[]
  goal?: Goal
  laps_max?: number
  stale_after?: string
  holdout_basis_points?: number
}
export type SopStep = { day: number; clock: string; content_id?: string; name?: string; channel?: string }
export type Sop = { audience?: string; chat_id?: string; account_id?: string; channel?: string; is_weekly?: boolean; ends_with_order?: boolean; steps: SopStep[] }

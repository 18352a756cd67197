import type { components } from '@/api/schema'

type Schemas = components['schemas']

export type EventKind = Schemas['EventKindOut']
export type EventProperty = Schemas['EventPropertyOut']
export type TimelineEntry = Schemas['TimelineEventOut']
export type Rejected = Schemas['RejectedRowOut']
export type RejectedDetail = Schemas['RejectedOut']
export type Replay = Schemas['ReplayManyIn']
export type Replayed = Schemas['ReplayedOut']
export type Order = Schemas['OrderOut']
export type OrderLine = Schemas['OrderLineOut']
export type OrderState = Schemas['OrderState']

import type { Readable } from 'openapi-typescript-helpers'

import type { components } from '@/api/schema'

type Schemas = components['schemas']

export type UnitKind = Schemas['UnitKind']
export type UnitNode = Schemas['UnitTreeOut']
// The client reads pairs as plain lists.
export type Unit = Readable<Schemas['UnitOut']>
export type UnitIn = Schemas['UnitIn']
export type UnitChange = Schemas['UnitChangeIn']
export type UnitMove = Schemas['UnitMoveOut']
export type Staff = Schemas['StaffOut']
export type StaffIn = Schemas['StaffIn']
export type StaffChange = Schemas['StaffChangeIn']
/** Spans of a day ("10:00" to "22:00") by the day's short name. */
export type Hours = Record<string, string[][]>

import type { components } from '@/api/schema'

type Schemas = components['schemas']

export type Overview = Schemas['OverviewOut']
export type Week = Schemas['WeekOut']
export type Source = Schemas['SourceOut']
export type Place = Schemas['PlaceOut']

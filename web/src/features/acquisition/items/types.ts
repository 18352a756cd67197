import type { components } from '@/api/schema'

type Schemas = components['schemas']

export type Batch = Schemas['ItemBatchOut']
export type BatchBody = Schemas['ItemBatchIn']
export type BatchChange = Schemas['ItemBatchChangeIn']
export type Figures = Schemas['ItemFiguresOut']
export type Day = Schemas['ItemDayOut']
export type Suspect = Schemas['ItemSuspectOut']
export type Draw = Schemas['DrawOut']
export type DrawBody = Schemas['DrawIn']
export type Prize = Schemas['PrizeOut']
export type Award = Schemas['AwardOut']

import type { components } from '@/api/schema'

type Schemas = components['schemas']

export type Taken = Schemas['Taken']
export type Mapping = Schemas['Mapping']
export type Options = Schemas['Options']
export type FieldText = Schemas['ImportFieldOut']
export type ImportKind = Schemas['ImportKindOut']
export type Kind = Schemas['Kind']
export type ImportRow = Schemas['ImportRowOut']
export type ImportDetail = Schemas['ImportOut']
export type ImportFile = Schemas['ImportFileOut']
export type SavedMapping = Schemas['ImportMappingOut']
export type JobAsked = Schemas['ImportJobOut']

// Reports travel as they were kept, so the document does not describe them.
export type Reason = { code: string; zh: string; en: string; rows: number }
export type MoneyCheck = { field: string; kept_minor: number; rejected_minor: number; currency: string }
export type Report = { rows: number; accepted: number; rejected: number; created: number; updated: number; unchanged: number; reasons: Reason[]; money: MoneyCheck[] }

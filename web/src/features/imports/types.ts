export type Taken = {
  column?: string | null; constant?: string | null; time_format?: string; values?: Record<string, string>; type?: string | null; separator?: string; part?: number | null
}
export type Mapping = { kind: string; fields: Record<string, Taken>; [more: string]: unknown }
export type FieldText = { name: string; zh: string; en: string; type: string; required: boolean; help_zh: string; help_en: string }
export type ImportKind = { kind: string; zh: string; en: string; fields: FieldText[] }
export type Options = { update_mode?: 'upsert' | 'insert_only' | 'update_only'; historical?: boolean | null; time_zone?: string | null; currency?: string | null; shop?: string | null }
export type Reason = { code: string; zh: string; en: string; rows: number }
export type MoneyCheck = { field: string; kept_minor: number; rejected_minor: number; currency: string }
export type Report = { rows: number; accepted: number; rejected: number; created: number; updated: number; unchanged: number; reasons: Reason[]; money: MoneyCheck[]; counts: Record<string, number> }
export type ImportState = 'uploaded' | 'running' | 'done' | 'failed' | 'undoing' | 'undone'
export type ImportRun = { id: string; kind: string; name: string; state: ImportState; created_at: string; finished_at: string | null; job_id: string | null; report: Report | null }
export type ImportDetail = ImportRun & {
  columns: string[]; sample_rows: string[][]; encoding: string; delimiter: string; rows_estimate: number; suggested_mapping: Mapping; mapping: Mapping | null; options: Options; dry_report: Report | null
}
export type SavedMapping = { id: string; name: string; mapping: Mapping; used_at: string }
export type JobAsked = { job_id: string }

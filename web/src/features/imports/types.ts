export type FieldText = { name: string; zh: string; en: string; type: string; required: boolean; help: string | null }
export type ImportKind = { kind: string; zh: string; en: string; fields: FieldText[] }
export type Mapping = Record<string, string>
export type Options = { update_mode: 'upsert' | 'insert_only' | 'update_only'; historical: boolean; time_zone?: string; currency?: string; shop?: string }
export type Reason = { code: string; zh: string; en: string; rows: number; first_line: number | null }
export type Report = { rows: number; accepted: number; rejected: number; created: number; updated: number; unchanged: number; reasons: Reason[] }
export type ImportState = 'uploaded' | 'checked' | 'queued' | 'running' | 'finished' | 'failed' | 'undoing' | 'undone'
export type ImportRun = {
  id: string; kind: string; name: string; state: ImportState; created_at: string; created_by: string | null; finished_at: string | null
  rows_done: number; rows_total: number | null; accepted: number; rejected: number; job_id: string | null; error: { zh: string; en: string } | null
}
export type ImportDetail = ImportRun & {
  columns: string[]; sample_rows: string[][]; encoding: string; delimiter: string | null; rows_estimate: number | null
  suggested_mapping: Mapping; mapping: Mapping | null; options: Options | null; report: Report | null
}
export type SavedMapping = { id: string; name: string; mapping: Mapping; options: Options; used_at: string }

export type FirstRunState = { is_empty: boolean; has_demo: boolean; lab: boolean }
export type Job = {
  id: string; kind: string; state: string; progress: { done: number; total: number | null; note: string }; result: Record<string, unknown> | null
  error: { code?: string; zh?: string; en?: string } | null; created_at: string; finished_at: string | null
}
export type WorkspaceSettings = { slug: string; name: string; time_zone: string; currency: string; locale: string }
export type SystemState = {
  version: string; stores: { name: string; engine: string; version: string; bytes: number | null }[]; watermark: number; queues: Record<string, number>; clock: string; lab: boolean
}

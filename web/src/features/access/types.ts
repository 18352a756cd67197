export type User = {
  id: string; name: string; email: string; locale: string; roles: string[]; unit_ids: string[]
  disabled: boolean; has_password: boolean; has_totp: boolean; created_at: string; last_seen_at: string | null
}
export type UserIn = { name: string; email: string; roles: string[]; unit_ids: string[] }
export type Role = { id: string; name: string; zh: string; en: string; permissions: string[]; builtin: boolean }
export type RoleIn = { zh: string; en: string; permissions: string[] }
export type PermissionText = { permission: string; domain: string; zh: string; en: string }
export type Key = {
  id: string; name: string; kind: 'api' | 'write'; permissions: string[]; unit_ids: string[]; prefix: string
  created_at: string; expires_at: string | null; last_used_at: string | null; disabled_at: string | null
}
export type KeyIn = { name: string; kind: 'api' | 'write'; permissions: string[]; expires_at?: string }
export type NewKey = Key & { secret: string }
export type AuditEntry = {
  id: string; seq: number; at: string; actor: string; actor_name: string | null; action: string; subject: string; detail: Record<string, unknown>; hash: string
}
export type AuditVerdict = { ok: boolean; checked: number; head: string; broken_at: number | null }
export type OneTimeLink = { url: string; expires_at: string }
export type TotpStart = { secret: string; uri: string; qr_svg: string }

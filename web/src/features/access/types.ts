import type { components } from '@/api/schema'

type Schemas = components['schemas']

export type User = Schemas['UserOut']
export type UserIn = Schemas['UserIn']
export type UserChange = Schemas['UserChangeIn']
export type Role = Schemas['RoleOut']
export type RoleIn = Schemas['RoleIn']
export type PermissionText = Schemas['PermissionOut']
export type Key = Schemas['KeyOut']
export type KeyIn = Schemas['KeyIn']
export type NewKey = Schemas['NewKeyOut']
export type AuditEntry = Schemas['AuditEntryOut']
export type AuditVerdict = Schemas['AuditVerdictOut']
export type OneTimeLink = Schemas['UserLinkOut']
export type TotpStart = Schemas['TotpOut']

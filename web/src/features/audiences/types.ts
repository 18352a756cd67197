import type { components } from '@/api/schema'

import type { Definition } from './builder/tree'

type Schemas = components['schemas']

export type Refresh = Schemas['Refresh']
export type Warned = Omit<Schemas['AudienceWarningOut'], 'code'>
export type MemberRow = Schemas['AudienceMemberOut']
export type AudienceRow = Schemas['AudienceRowOut'] & { entered?: number; left?: number }
export type Audience = Schemas['AudienceOut'] & { entered?: number; left?: number }
export type AudienceIn = { name: string; definition: Definition; refresh: Refresh; description: string }
export type Preview = Schemas['AudiencePreviewOut']
export type Version = Schemas['AudienceVersionOut']
export type Overlap = Schemas['AudienceOverlapOut']
export type Vocabulary = Schemas['AudienceVocabularyOut']
export type VocabularyTrait = Schemas['TraitWordOut']
export type Ticks = Schemas['AudienceTicksOut']

export type Proof = { kind: string; at: string; message_id?: string | null; properties: Record<string, unknown> }
export type Verdict = { path: string; text: string; holds: boolean; kind: string; zh: string; en: string; value?: unknown; events: Proof[]; parts: Verdict[] }
export type Explained = {
  member_no: number; in: boolean; committed: boolean; by_hand: 'in' | 'out' | null; root: Verdict | null; changes: { version: number; entered: boolean; at: string }[]
}
export type Template = { id: string; zh: string; en: string; help_zh: string; help_en: string; definition: Definition }
export type Webhook = { id: string; url: string; created_at?: string; secret?: string | null }

import type { components } from '@/api/schema'

import type { Definition } from './builder/tree'

type Schemas = components['schemas']

export type Refresh = Schemas['Refresh']
export type Warned = Omit<Schemas['AudienceWarningOut'], 'code'>
export type MemberRow = Schemas['AudienceMemberOut']
export type AudienceRow = Schemas['AudienceRowOut']
export type Audience = Schemas['AudienceOut']
export type AudienceIn = { name: string; definition: Definition; refresh: Refresh; description: string }
export type Preview = Schemas['AudiencePreviewOut']
export type Version = Schemas['AudienceVersionOut']
export type Overlap = Schemas['AudienceOverlapOut']
export type Vocabulary = Schemas['AudienceVocabularyOut']
export type VocabularyTrait = Schemas['TraitWordOut']
export type Ticks = Schemas['AudienceTicksOut']

export type Proof = Schemas['ProvingEventOut']
export type Verdict = Schemas['ExplainedOut']
export type Explained = Schemas['AudienceExplanationOut']
export type Template = Schemas['AudienceTemplateOut']
export type Belonging = Schemas['MemberAudienceOut']
export type IdentityKind = Schemas['AudiencePersonIn']['kind']
export type Brought = Schemas['AudienceBroughtOut']
export type Webhook = Schemas['AudienceWebhookOut']
export type WebhookMade = Schemas['AudienceWebhookMadeOut']

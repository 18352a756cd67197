import type { components } from '@/api/schema'

type Schemas = components['schemas']

export type Identity = Schemas['SideIdentityOut']
export type Attribute = Schemas['MemberAttributeOut']
export type AttributeChange = Schemas['AttributeChangeOut']
export type ConsentState = Schemas['ConsentState']
export type Consent = Schemas['MemberWordOut']
export type ConsentIn = Schemas['MemberConsentIn']
export type MemberChange = Schemas['MemberChangeIn']
export type Merge = Schemas['MergeOut']
export type Revealed = Schemas['MemberRevealOut']
export type Erasure = Schemas['ErasureOut']
export type TimelineEntry = Schemas['TimelineEventOut']
export type MemberOrder = Schemas['OrderOut']
export type Conflict = Schemas['ConflictOut']
export type ConflictEvidence = Schemas['ConflictEvidenceOut']
export type ConflictSideData = Schemas['ConflictSideOut']
export type Decision = Schemas['ConflictDecisionIn']

export type MemberRow = Schemas['MemberRowOut']
export type Member = Schemas['MemberOut']
export type MemberPageData = Schemas['MemberPageOut']

import type { components } from '@/api/schema'

type Schemas = components['schemas']

export type Identity = Schemas['SideIdentityOut']
export type Attribute = Schemas['MemberAttributeOut']
export type AttributeChange = Schemas['AttributeChangeOut']
export type ConsentState = Schemas['ConsentState']
export type Consent = Schemas['MemberConsentOut']
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

export type MemberRow = {
  id: string; member_no: number; name_masked: string | null; phone_masked: string | null; email_masked: string | null; user_id: string | null; source: string
  home_unit: { id: string; name: string } | null; identified: boolean; created_at: string; last_seen_at: string | null; orders_count: number; revenue_minor: number; last_order_at: string | null
}
export type Member = MemberRow & { identities: Identity[]; attributes: Attribute[]; consents: Consent[]; suppressed: boolean; merged_into: string | null }
export type MemberPageData = {
  member: Member
  stats: { orders: number; paid_orders: number; revenue_minor: number; refunds_minor: number; average_order_minor: number | null; first_order_at: string | null; last_order_at: string | null }
  timeline: { rows: TimelineEntry[]; next_cursor: string | null }
  orders: { rows: MemberOrder[]; next_cursor: string | null }
  merges: Merge[]
}

export type Named = { id: string; name: string }
export type MemberRow = {
  id: string; member_no: number; name_masked: string | null; phone_masked: string | null; email_masked: string | null; user_id: string | null; source: string | null
  home_unit: Named | null; identified: boolean; created_at: string; last_seen_at: string | null; orders_count: number; revenue_minor: number; last_order_at: string | null
}
export type Identity = { id: string; kind: string; namespace: string | null; value_masked: string; source: string | null; first_seen_at: string; demoted: boolean }
export type Attribute = { name: string; value: unknown; at: string; source: string | null; pii: boolean }
export type AttributeChange = { value: unknown; at: string; recorded_at: string; source: string | null; actor: string | null }
export type ConsentState = 'subscribed' | 'unsubscribed' | 'never_asked' | 'unknown' | 'pending'
export type Consent = { purpose: string; channel: string; address_masked: string | null; state: ConsentState; source: string; version: string; at: string }
export type ConsentIn = { purpose: string; channel: string; state: ConsentState; source: string; version: string }
export type Member = MemberRow & { identities: Identity[]; attributes: Attribute[]; consents: Consent[]; suppressed: boolean; merged_into: string | null }
export type TimelineEntry = { id: string; kind: string; type: string; at: string; received_at: string; source: string | null; props: Record<string, unknown>; late: boolean; historical: boolean; future: boolean }
export type MemberOrder = { shop: string; order_no: string; state: string; placed_at: string; paid_minor: number; total_minor: number; currency: string; lines_count: number; store: Named | null }
export type Merge = { id: string; survivor_id: string; loser_id: string; at: string; reason: string; actor: string | null; actor_name: string | null; undone_at: string | null; undo_reason: string | null }
export type MemberPageData = {
  member: Member
  stats: { orders: number; revenue_minor: number; refunds_minor: number; average_order_minor: number | null; first_order_at: string | null; last_order_at: string | null; events: number }
  timeline: { rows: TimelineEntry[]; next_cursor: string | null }
  orders: { rows: MemberOrder[]; next_cursor: string | null }
  merges: Merge[]
}
export type Revealed = { phone: string | null; email: string | null; name: string | null }
export type Conflict = { id: string; state: 'open' | 'merged' | 'kept_apart' | 'moved'; kind: string; value_masked: string; reason: string; created_at: string; decided_at: string | null; members: MemberRow[] }
export type ConflictEvidence = Conflict & { sides: Member[]; shared: { kind: string; value_masked: string }[]; differing: { kind: string }[] }
export type Decision = { decision: 'merge' | 'keep_apart' | 'move_identity'; survivor_id?: string; reason: string }

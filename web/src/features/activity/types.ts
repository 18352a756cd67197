export type EventKind = { kind: string; type: string; count: number; first_at: string; last_at: string; drift: boolean }
export type EventProperty = { name: string; types: Record<string, number>; last_seen_at: Record<string, string>; drift: boolean; sample_values: unknown[] }
export type RecentEvent = { id: string; kind: string; type: string; at: string; received_at: string; source: string | null; member_id: string | null; props: Record<string, unknown> }
export type Rejected = { id: string; source: string; code: string; zh: string; en: string; type: string; received_at: string; times: number; state: string; replayed_at: string | null }
export type RejectedDetail = Rejected & { body: unknown }
export type OrderLine = { sku: string; product: string; category: string; qty: number; price_minor: number; discount_minor: number; total_minor: number }
export type OrderRow = {
  shop: string; order_no: string; member_id: string | null; state: string; is_paid: boolean; placed_at: string; paid_at: string | null; currency: string
  total_minor: number; discount_minor: number; shipping_minor: number; paid_minor: number; refunded_minor: number; store_code: string; staff_code: string; source: string
}
export type Order = OrderRow & { lines: OrderLine[]; payments: { method: string; amount_minor: number; at: string | null }[] }

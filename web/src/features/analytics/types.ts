export type Week = { week: string; new_buyers: number; returning_buyers: number; revenue_minor: number; orders: number }
export type Source = { source: string; members: number; buyers: number; revenue_minor: number }
export type Overview = {
  members: number; identified: number; buyers: number; orders: number; paid_orders: number; revenue_minor: number; refunds_minor: number; net_minor: number
  unattributed: { orders: number; revenue_minor: number }; repeat_rate: number | null; average_order_minor: number | null; top_decile_share: number | null
  by_week: Week[]; sources: Source[]; as_of: string
}

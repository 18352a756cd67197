export type UnitKind = 'headquarters' | 'region' | 'dealer' | 'store'
export type Hours = Record<string, [string, string][]>
export type UnitNode = { id: string; code: string; name: string; kind: UnitKind; closed_on: string | null; staff_count: number; member_count: number; children: UnitNode[] }
export type Unit = {
  id: string; code: string; name: string; kind: UnitKind; parent_id: string | null; address: string | null; longitude: number | null; latitude: number | null
  opening_hours: Hours | null; phone: string | null; closed_on: string | null
}
export type UnitIn = Partial<Omit<Unit, 'id'>> & { name: string; code: string; kind: UnitKind }
export type UnitMove = { id: string; parent_id: string | null; parent_name: string | null; effective_on: string; recorded_at: string }
export type Staff = { id: string; code: string; name: string; phone_masked: string | null; title: string | null; unit_id: string; unit_name: string; active: boolean; left_on: string | null }
export type StaffIn = { code: string; name: string; phone?: string; title?: string; unit_id: string }

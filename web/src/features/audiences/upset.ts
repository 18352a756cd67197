/** The layout of an UpSet drawing: bars of exclusive intersections above a matrix of dots; pure. */
import type { Overlap } from './types'

export type Column = { ids: string[]; count: number }

// What stays readable; the table has all of them.
export const COLUMNS_MAX = 20

/** Intersections that hold anybody, the largest first. */
export function columnsOf(overlap: Overlap): Column[] {
  return overlap.intersections.filter((each) => each.count > 0).toSorted((one, two) => two.count - one.count || one.ids.length - two.ids.length)
}

export type Plan = { label: number; size: number; column: number; row: number; bars: number; gap: number; dot: number }
export const desk: Plan = { label: 190, size: 90, column: 36, row: 30, bars: 180, gap: 26, dot: 7 }
/** On a phone the names take less room and sizes are figures alone. */
export const phone: Plan = { ...desk, label: 92, size: 44, column: 34, bars: 140 }

export const widthOf = (plan: Plan, columns: number) => plan.label + plan.size + columns * plan.column + 16
export const heightOf = (plan: Plan, rows: number) => plan.gap + plan.bars + 16 + rows * plan.row + 8
/** The middle of a column, the middle of a row. */
export const columnAt = (plan: Plan, index: number) => plan.label + plan.size + (index + 0.5) * plan.column
export const rowAt = (plan: Plan, index: number) => plan.gap + plan.bars + 16 + (index + 0.5) * plan.row
/** How tall a bar is; whoever is there is seen. */
export const barHeight = (plan: Plan, count: number, most: number) => (most > 0 && count > 0 ? Math.max(2, (count / most) * plan.bars) : 0)
/** The first and the last row with a dot, between which a line runs. */
export function spanOf(column: Column, order: string[]): [number, number] {
  const places = column.ids.map((id) => order.indexOf(id)).toSorted((one, two) => one - two)
  return [places[0] ?? 0, places.at(-1) ?? 0]
}

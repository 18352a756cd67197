import type { FieldText, Mapping } from './types'

/** Required fields that no column feeds yet. */
export function missing(fields: FieldText[], mapping: Mapping): FieldText[] {
  return fields.filter((field) => field.required && !mapping[field.name])
}

/** A remembered mapping as far as this file has its columns. */
export function fitted(mapping: Mapping, columns: string[]): Mapping {
  return Object.fromEntries(Object.entries(mapping).filter(([, column]) => columns.includes(column)))
}

/** Columns of the file that feed nothing: they are left out of the import. */
export function unused(columns: string[], mapping: Mapping): string[] {
  const used = new Set(Object.values(mapping))
  return columns.filter((column) => !used.has(column))
}

/** The first values of a column that are not empty. */
export function samplesOf(column: string | undefined, columns: string[], rows: string[][], max = 3): string[] {
  const at = column === undefined ? -1 : columns.indexOf(column)
  if (at < 0) return []
  return [...new Set(rows.map((row) => row[at] ?? '').filter((value) => value.trim() !== ''))].slice(0, max)
}

/** Fields in reading order: required first, then those that are mapped, then the rest. */
export function ordered(fields: FieldText[], suggested: Mapping): FieldText[] {
  const rank = (field: FieldText) => (field.required ? 0 : suggested[field.name] ? 1 : 2)
  return [...fields].sort((a, b) => rank(a) - rank(b))
}

import type { TFunction } from 'i18next'

import type { FieldText, ImportFile, Kind, Mapping, Taken } from './types'

const ANY = '.*'

export function emptyMapping(kind: Kind): Mapping {
  return { kind, fields: {} }
}

export function fieldsOf(mapping: Mapping): Record<string, Taken> {
  return mapping.fields ?? {}
}

/** Whether a field stands for a whole family: attributes of a member, properties of an event. */
export function isFamily(field: FieldText): boolean {
  return field.name.endsWith(ANY)
}

/** The column that feeds a field, if one does. */
export function columnOf(mapping: Mapping, name: string): string | undefined {
  return fieldsOf(mapping)[name]?.column ?? undefined
}

function isFed(taken: Taken | undefined): boolean {
  return Boolean(taken?.column) || Boolean(taken?.constant)
}

/** Required fields that neither a column nor a constant feeds yet. */
export function missing(fields: FieldText[], mapping: Mapping): FieldText[] {
  return fields.filter((field) => field.required && !isFed(fieldsOf(mapping)[field.name]))
}

/** The mapping with a field fed differently; what else was known of the field stays. */
export function fed(mapping: Mapping, name: string, patch: Partial<Taken>): Mapping {
  const taken = { ...fieldsOf(mapping)[name], ...patch }
  const { [name]: _, ...rest } = fieldsOf(mapping)
  return { ...mapping, fields: isFed(taken) ? { ...rest, [name]: taken } : rest }
}

/** The columns under a family, in the mapping's order. */
export function familyColumns(mapping: Mapping, field: FieldText): string[] {
  const prefix = field.name.slice(0, -1)
  return Object.entries(fieldsOf(mapping)).flatMap(([name, taken]) => (name.startsWith(prefix) && taken.column ? [taken.column] : []))
}

/** The mapping with exactly these columns under a family; each is named after its column. */
export function withFamily(mapping: Mapping, field: FieldText, columns: string[]): Mapping {
  const prefix = field.name.slice(0, -1)
  const kept = Object.entries(fieldsOf(mapping)).filter(([name, taken]) => !name.startsWith(prefix) || (taken.column && columns.includes(taken.column)))
  const known = new Set(kept.filter(([name]) => name.startsWith(prefix)).map(([, taken]) => taken.column))
  const added = columns.filter((column) => !known.has(column)).map((column) => [prefix + column.trim(), { column }] as const)
  return { ...mapping, fields: Object.fromEntries([...kept, ...added]) }
}

/** A remembered mapping as far as this file has its columns. */
export function fitted(mapping: Mapping, columns: string[]): Mapping {
  const fields = Object.entries(fieldsOf(mapping)).filter(([, taken]) => !taken.column || columns.includes(taken.column))
  return { ...mapping, fields: Object.fromEntries(fields) }
}

/** Columns of the file that feed nothing: they are left out of the import. */
export function unused(columns: string[], mapping: Mapping): string[] {
  const used = new Set(Object.values(fieldsOf(mapping)).map((taken) => taken.column))
  return columns.filter((column) => !used.has(column))
}

/** Fields in reading order: required first, then those that are mapped, then the rest; families come apart. */
export function ordered(fields: FieldText[], suggested: Mapping): FieldText[] {
  const rank = (field: FieldText) => (field.required ? 0 : fieldsOf(suggested)[field.name] ? 1 : 2)
  return fields.filter((field) => !isFamily(field)).sort((a, b) => rank(a) - rank(b))
}

/** "已付款=paid" lines as a translation of values; lines without "=" are left out. */
export function valuesFrom(text: string): Record<string, string> {
  const pairs = text.split('\n').map((line) => line.split('=')).filter((parts) => parts.length === 2)
  return Object.fromEntries(pairs.map(([from = '', to = '']) => [from.trim(), to.trim()]))
}

export function textOf(values: Record<string, string> | undefined): string {
  return Object.entries(values ?? {}).map(([from, to]) => `${from}=${to}`).join('\n')
}

/** Whether a mapping describes several related files. */
export function isDescribed(mapping: Mapping | undefined): boolean {
  return Object.keys(mapping?.tables ?? {}).length > 0
}

/** The role that each file plays, by its name; as the server does it, the role that names most columns chooses first. */
export function rolesOf(mapping: Mapping | undefined, files: ImportFile[]): Record<string, string> {
  const roles: Record<string, string> = {}
  const named = (fields: Record<string, Taken>) => Object.values(fields).flatMap((taken) => (taken.column ? [taken.column] : []))
  const tables = Object.entries(mapping?.tables ?? {}).sort(([, one], [, other]) => Object.keys(other.fields).length - Object.keys(one.fields).length)
  for (const [role, table] of tables) {
    const found = files.find((file) => !(file.name in roles) && named(table.fields).every((name) => file.columns.some((column) => column.name === name)))
    if (found) roles[found.name] = role
  }
  return roles
}

/** A preset in words; one without words of its own by its name. */
export function presetName(t: TFunction<'imports'>, name: string): string {
  return t(`preset.names.${name}`, { defaultValue: name })
}

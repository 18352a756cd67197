import type { Setting, SettingsChange } from './types'

export type Values = Record<string, unknown>

/** How a value stands in its field: limits by name are written as `phone=3`. */
export function formValue({ kind, value }: Pick<Setting, 'kind' | 'value'>): unknown {
  return kind === 'whole_by_name' ? Object.entries(value as Record<string, number>).map(([name, limit]) => `${name}=${limit}`) : value
}

function sentValue(kind: Setting['kind'], value: unknown): unknown {
  if (kind !== 'whole_by_name') return value ?? null
  return Object.fromEntries(((value ?? []) as string[]).map((pair) => pair.split('=')).map(([name, limit]) => [name?.trim(), Number(limit)]))
}

/** What differs from the present values; an emptied field asks for the default (null). */
export function changed(settings: Setting[], values: Values): SettingsChange['changes'] {
  const told = settings.map((each) => [each.name, sentValue(each.kind, values[each.name]), each.value] as const)
  return Object.fromEntries(told.filter(([, sent, present]) => JSON.stringify(sent) !== JSON.stringify(present)).map(([name, sent]) => [name, sent])) as SettingsChange['changes']
}

import type { PermissionText } from './types'

export type DomainGroup = { domain: string; permissions: PermissionText[] }

/** Permissions in groups, in the order in which the server lists them. */
export function byDomain(texts: PermissionText[]): DomainGroup[] {
  const groups = new Map<string, PermissionText[]>()
  for (const text of texts) groups.set(text.domain, [...(groups.get(text.domain) ?? []), text])
  return [...groups].map(([domain, permissions]) => ({ domain, permissions }))
}

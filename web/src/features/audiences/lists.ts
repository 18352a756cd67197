import type { IdentityKind } from './types'

export const listKinds = ['phone', 'user_id', 'card_no', 'external_userid', 'email', 'member'] as const
export type ListKind = (typeof listKinds)[number]
type Identity = { kind: IdentityKind; value: string; namespace: string }

/** The people of a pasted list, each once, as the server takes them. */
export function identified(text: string, kind: ListKind): { member_ids?: string[]; identities?: Identity[] } {
  const lines = [...new Set(text.split(/[\n,，;；]+/).map((line) => line.trim()).filter(Boolean))]
  return kind === 'member' ? { member_ids: lines } : { identities: lines.map((value) => ({ kind, value, namespace: '' })) }
}

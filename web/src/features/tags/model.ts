import type { GroupKind, TagGroup, Tag } from './types'

export const groupKinds: GroupKind[] = ['static', 'behaviour', 'level', 'source', 'rule']
export const groupColours = ['well', 'sky', 'amber', 'clay', 'plum'] as const
/** By what a person may be named in a list, besides the member's own id. */
export const personKinds = ['phone', 'user_id', 'card_no', 'external_userid', 'email'] as const
export type PersonKind = (typeof personKinds)[number] | 'member'

type Person = string | { kind: (typeof personKinds)[number]; value: string; namespace: string }

/** The people of a pasted list: one per line, empty lines and repetitions left out. */
export function persons(text: string, kind: PersonKind): Person[] {
  const lines = [...new Set(text.split(/[\n,，;；]+/).map((line) => line.trim()).filter(Boolean))]
  return kind === 'member' ? lines : lines.map((value) => ({ kind, value, namespace: '' }))
}

/** Groups of which the name or a tag's name holds the words; then with those tags only. */
export function narrowed(groups: TagGroup[], words: string): TagGroup[] {
  const wanted = words.trim().toLowerCase()
  if (!wanted) return groups
  const holds = (text: string) => text.toLowerCase().includes(wanted)
  return groups.flatMap((group) => {
    if (holds(group.name)) return [group]
    const tags = group.tags.filter((tag) => holds(tag.name))
    return tags.length > 0 ? [{ ...group, tags }] : []
  })
}

export const findTag = (groups: TagGroup[], id: string): Tag | undefined => groups.flatMap((group) => group.tags).find((tag) => tag.id === id)

/** "group/tag", as definitions and files write it. */
export const pathOf = (tag: { group: string; name: string }) => `${tag.group}/${tag.name}`

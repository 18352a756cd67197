/** What the platform counted of one owner on one day, as far as it is drawn here. */
export type OwnerDay = { day: string; new_members: number; members: number; chats: number; messages: number }

export type DaySum = { day: string; joined: number; people: number; chats: number; messages: number }

/** Owners' counts summed by day, in the order of days. */
export function byDay(rows: OwnerDay[]): DaySum[] {
  const sums = new Map<string, DaySum>()
  for (const row of rows) {
    const sum = sums.get(row.day) ?? { day: row.day, joined: 0, people: 0, chats: 0, messages: 0 }
    sum.joined += row.new_members
    sum.people += row.members
    sum.chats += row.chats
    sum.messages += row.messages
    sums.set(row.day, sum)
  }
  return [...sums.values()].sort((one, other) => one.day.localeCompare(other.day))
}

/** Ids as people paste them: one per line, or with commas and blanks between; each once. */
export function namesIn(text: string): string[] {
  return [...new Set(text.split(/[\s,，;；]+/).filter(Boolean))]
}

export type Reason = { code: string; zh: string; en: string; number: number }

/** Why customers are left out, each reason once with how often, the most frequent first. */
export function reasons(rows: { code: string; zh: string; en: string }[]): Reason[] {
  const found = new Map<string, Reason>()
  for (const { code, zh, en } of rows) {
    const known = found.get(code) ?? { code, zh, en, number: 0 }
    known.number += 1
    found.set(code, known)
  }
  return [...found.values()].sort((one, other) => other.number - one.number)
}

/** Fields of a template as they are typed: one `name=value` a line. */
export function fieldsIn(text: string): Record<string, string> {
  const lines = text.split('\n').flatMap((line) => {
    const at = line.indexOf('=')
    return at > 0 ? [[line.slice(0, at).trim(), line.slice(at + 1).trim()] as const] : []
  })
  return Object.fromEntries(lines)
}

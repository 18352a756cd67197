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

/** As many people as the platform lets into a customer group. */
export const CHAT_PEOPLE_MAX = 500

/** What the platform counted of one member of staff on one day, as far as it is summed here. */
export type Behaviour = {
  userid: string
  day: string
  new_applications: number
  new_contacts: number
  chats: number
  messages: number
  negative_feedback: number
  reply_percentage: number | null
  reply_minutes: number | null
}

export const metrics = ['chats', 'messages', 'reply_percentage', 'reply_minutes', 'new_contacts', 'negative_feedback'] as const
export type Metric = (typeof metrics)[number]
export type BehaviourSum = Omit<Behaviour, 'userid' | 'day'> & { key: string }

/** Counts added up; shares and minutes are means in which a day counts as often as it had chats. */
export function summed(key: string, rows: Behaviour[]): BehaviourSum {
  const total = (name: 'new_applications' | 'new_contacts' | 'chats' | 'messages' | 'negative_feedback') => rows.reduce((sum, row) => sum + row[name], 0)
  const mean = (name: 'reply_percentage' | 'reply_minutes') => {
    const told = rows.flatMap((row) => (row[name] === null || row.chats === 0 ? [] : [{ value: row[name], chats: row.chats }]))
    const chats = told.reduce((sum, one) => sum + one.chats, 0)
    return chats ? told.reduce((sum, one) => sum + one.value * one.chats, 0) / chats : null
  }
  return {
    key, new_applications: total('new_applications'), new_contacts: total('new_contacts'), chats: total('chats'), messages: total('messages'),
    negative_feedback: total('negative_feedback'), reply_percentage: mean('reply_percentage'), reply_minutes: mean('reply_minutes'),
  }
}

/** Sums of each day, in order, or of each member of staff, whoever has the most of a metric first. */
export function behaviourBy(by: 'day' | 'userid', rows: Behaviour[], metric: Metric): BehaviourSum[] {
  const parts = new Map<string, Behaviour[]>()
  for (const row of rows) parts.set(row[by], [...(parts.get(row[by]) ?? []), row])
  const sums = [...parts].map(([key, mine]) => summed(key, mine))
  return by === 'day' ? sums.sort((one, other) => one.key.localeCompare(other.key)) : sums.sort((one, other) => (other[metric] ?? -1) - (one[metric] ?? -1))
}

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

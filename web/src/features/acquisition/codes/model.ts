import type { Code, CodeBody, CodeKind, Part, PartKind, Plan, Shift, Variant } from './types'

/** Pure: drafts of codes, what a welcome may hold, and how hours read. */

export const paths: Record<CodeKind, string> = { channel: '/channel-codes', group: '/group-codes', store: '/store-codes', link: '/acquisition-links' }

export const everyDay = [0, 1, 2, 3, 4, 5, 6]
export const limits = { text: 4000, parts: 9, variants: 20, shifts: 50, chats: 5, named: 30 } as const

export const bytesOf = (text: string) => new TextEncoder().encode(text).length

export const blankShift = (): Shift => ({ staff_ids: [], weekdays: everyDay, start: '00:00', end: '00:00' })
export const blankPlan = (): Plan => ({ shifts: [blankShift()], backup_staff_ids: [], daily_limit: null, daily_limits: {} })
export const blankVariant = (text = ''): Variant => ({ text, parts: [], newness: 'anyone', weekdays: everyDay, start: '00:00', end: '00:00' })
export const blankPart = (kind: PartKind): Part => ({ kind, title: '', description: '', url: '', picture_url: '', file_id: '', appid: '', page: '', offer_id: '' })

export function blankCode(kind: CodeKind, greeting: string): CodeBody {
  return {
    name: '', kind, account_id: '', folder: '', remark: '',
    plan: kind === 'channel' || kind === 'link' ? blankPlan() : { ...blankPlan(), shifts: [] },
    groups: { chat_ids: [], opens_new: true, base_name: '', base_number: 1 },
    unit_ids: [], welcome: kind === 'group' ? [] : [blankVariant(greeting)], tags: [],
    is_single: false, skips_verification: true, is_exclusive: false,
  }
}

/** A code that is there, as a body to change. */
export function bodyOf(code: Code): CodeBody {
  const { name, kind, account_id, folder, remark, plan, groups, unit_ids, welcome, tags, is_single, skips_verification, is_exclusive } = code
  return { name, kind, account_id, folder, remark, plan, groups, unit_ids, welcome, tags, is_single, skips_verification, is_exclusive }
}

export const isAlways = (hours: { start?: string; end?: string; weekdays?: number[] }) => hours.start === hours.end && (hours.weekdays ?? everyDay).length === 7

/** 周一–周五 and the like: runs of days, in the names given. */
export function daysText(weekdays: number[], names: string[]): string {
  const sorted = [...weekdays].sort((a, b) => a - b)
  const runs: number[][] = []
  for (const day of sorted) {
    const last = runs[runs.length - 1]
    if (last && last[last.length - 1] === day - 1) last.push(day)
    else runs.push([day])
  }
  return runs.map((run) => (run.length > 2 ? [run.at(0), run.at(-1)].map((day) => names[day ?? 0]).join('–') : run.map((day) => names[day]).join(' '))).join(' ')
}

/** A tag as the picker writes it; one without a group goes into the given one. */
export function tagOf(path: string, group: string): { group: string; name: string } {
  const slash = path.indexOf('/')
  return slash > 0 ? { group: path.slice(0, slash), name: path.slice(slash + 1) } : { group, name: path }
}

export const placed = <T>(list: T[], place: number, value: T): T[] => list.map((one, index) => (index === place ? value : one))
export const without = <T>(list: T[], place: number): T[] => list.filter((_, index) => index !== place)

export function moved<T>(list: T[], place: number, by: -1 | 1): T[] {
  const next = [...list]
  const [taken] = next.splice(place, 1)
  if (taken !== undefined) next.splice(place + by, 0, taken)
  return next
}

/** Where a customer of the simulator stands who has scanned a code; undefined of a code of the platform itself. */
export function scanPage(url: string): string | undefined {
  const found = /^(http:\/\/(?:127\.0\.0\.1|localhost)[^/]*)\/(?:(?:wwhead|wwpic\/join)\/([^/]+)|ca\/)/.exec(url)
  return found ? (found[2] ? `${found[1]}/scan?way=${encodeURIComponent(found[2])}` : url) : undefined
}

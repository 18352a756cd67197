import { plain } from '@/lib/text'

import type { TimelineEntry } from './types'

/** Entries under the business day on which they happened, in the order in which they came. */
export function byDay(entries: TimelineEntry[], dayOf: (at: string) => string): [string, TimelineEntry[]][] {
  const days = new Map<string, TimelineEntry[]>()
  for (const entry of entries) {
    const day = dayOf(entry.at)
    const known = days.get(day)
    if (known) known.push(entry)
    else days.set(day, [entry])
  }
  return [...days]
}

// What fits on one line beside an event; the rest is on the order or in the catalogue.
const SHOWN_MAX = 6

// Ids of our own tell a person nothing.
const isOurs = /^[a-z]{3}_[0-9a-z]{26}$/

type Line = { product?: unknown; sku?: unknown; qty?: unknown }

/** The properties of an event as short texts; order lines as "product × 2". */
export function brief(props: Record<string, unknown>): [string, string][] {
  return Object.entries(props)
    .filter(([, value]) => value !== null && value !== '' && !isOurs.test(plain(value)))
    .slice(0, SHOWN_MAX)
    .map(([name, value]) => {
      if (name === 'lines' && Array.isArray(value)) {
        const lines = value as Line[]
        const words = lines.slice(0, 3).map((line) => `${plain(line.product ?? line.sku)} × ${plain(line.qty ?? 1)}`)
        return [name, words.join('，') + (lines.length > 3 ? ' …' : '')]
      }
      const text = plain(value)
      return [name, text.length > 80 ? `${text.slice(0, 80)}…` : text]
    })
}

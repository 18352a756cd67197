/** Business days of a zone as instants; pure. */

const DAY_MS = 86_400_000

function wallClock(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(new Date(at))
  return Date.parse(`${parts.replace(' ', 'T')}Z`)
}

/** The instant at which a day (2026-03-08) begins in a zone. */
export function dayStart(day: string, zone: string): string {
  const wanted = Date.parse(`${day}T00:00:00Z`)
  let at = wanted - (wallClock(wanted, zone) - wanted)
  // Once more, because the first guess may lie on the other side of a change of the clocks.
  at -= wallClock(at, zone) - wanted
  return new Date(at).toISOString()
}

/** The instant at which the day after begins: the end of a range that includes the day. */
export function dayEnd(day: string, zone: string): string {
  return dayStart(new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10), zone)
}

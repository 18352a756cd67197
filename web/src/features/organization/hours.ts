export const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Day = (typeof days)[number]

/** Opening hours as the API takes them. */
export type Spans = Record<string, [string, string][]>

const pattern = /^([01]\d|2[0-4]):[0-5]\d$/

/** "10:00-14:00, 17:00-22:00" as spans; null when it cannot be read. An empty text means closed. */
export function spansFrom(text: string): [string, string][] | null {
  const parts = text.split(/[,，;；]/).map((part) => part.trim()).filter(Boolean)
  const spans: [string, string][] = []
  for (const part of parts) {
    const [from = '', to = '', ...rest] = part.replaceAll('：', ':').split(/\s*[-–~～\u81f3]\s*/)
    if (rest.length || !pattern.test(from) || !pattern.test(to) || from === to) return null
    spans.push([from, to])
  }
  return spans
}

export function textOf(spans: readonly (readonly string[])[] | undefined): string {
  return (spans ?? []).map(([from, to]) => `${from}-${to}`).join(', ')
}

/** Texts by day as opening hours; null when one of them cannot be read. */
export function hoursFrom(texts: Partial<Record<Day, string>>): Spans | null {
  const hours: Spans = {}
  for (const day of days) {
    const spans = spansFrom(texts[day] ?? '')
    if (spans === null) return null
    hours[day] = spans
  }
  return hours
}

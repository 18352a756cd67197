/** Pure formatting of money, counts and instants; the zone and currency are those of the workspace. */

const shown = (currency: string) => ({ style: 'currency', currency, currencyDisplay: 'narrowSymbol' }) as const

/** Minor units as major ones: two digits for most currencies, none for JPY, three for KWD. */
export function major(minor: number, currency: string): number {
  return minor / 10 ** (new Intl.NumberFormat('en', shown(currency)).resolvedOptions().maximumFractionDigits ?? 2)
}

function amount(minor: number | null | undefined, currency: string, language: string, more: Intl.NumberFormatOptions): string {
  if (minor === null || minor === undefined) return '–'
  return new Intl.NumberFormat(language, { ...shown(currency), ...more }).format(major(minor, currency))
}

export function money(minor: number | null | undefined, currency: string, language: string): string {
  return amount(minor, currency, language, {})
}

/** Money for tight places: 12.3万 in Chinese, 123K in English. */
export function moneyShort(minor: number | null | undefined, currency: string, language: string): string {
  return amount(minor, currency, language, { notation: 'compact', maximumFractionDigits: 2 })
}

export function count(value: number | null | undefined, language: string): string {
  return value === null || value === undefined ? '–' : new Intl.NumberFormat(language).format(value)
}

export function share(value: number | null | undefined, language: string): string {
  if (value === null || value === undefined) return '–'
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(value)
}

/** Names one after the other, with the comma of the language. */
export function listed(names: string[], language: string): string {
  return names.join(language.startsWith('zh') ? '、' : ', ')
}

export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let rest = value
  let unit = 0
  while (rest >= 1024 && unit < units.length - 1) {
    rest /= 1024
    unit += 1
  }
  return `${rest.toFixed(unit === 0 || rest >= 100 ? 0 : 1)} ${units[unit]}`
}

type Precision = 'day' | 'minute' | 'second'

/** An instant in the workspace's zone, always as 2026-03-08 14:05, which sorts and reads alike in both languages. */
export function instant(value: string | null | undefined, zone: string, precision: Precision = 'minute'): string {
  if (!value) return '–'
  const at = new Date(value)
  if (Number.isNaN(at.getTime())) return value
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
  }).format(at)
  return parts.slice(0, precision === 'day' ? 10 : precision === 'minute' ? 16 : 19)
}

const CLOCKS_APART_SECONDS = 300

/** How long ago, in words: 3天前 / 3 days ago. */
export function ago(value: string | null | undefined, now: number, language: string): string {
  if (!value) return '–'
  const passed = (new Date(value).getTime() - now) / 1000
  // What happened after the page was asked for happened now, not in the future.
  const seconds = passed > 0 && passed < CLOCKS_APART_SECONDS ? 0 : passed
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ['year', 31_536_000], ['month', 2_592_000], ['day', 86_400], ['hour', 3600], ['minute', 60], ['second', 1],
  ]
  const [unit, size] = steps.find(([, step]) => Math.abs(seconds) >= step) ?? ['second', 1]
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(Math.round(seconds / size), unit)
}

import { describe, expect, it } from 'vitest'

import { dayEnd, dayStart } from '@/lib/days'
import { ago, bytes, instant, money, share } from '@/lib/format'

describe('money', () => {
  it('shows minor units in the currency and language', () => {
    expect(money(17_880, 'CNY', 'zh-CN')).toBe('¥178.80')
    expect(money(-50, 'USD', 'en')).toBe('-$0.50')
  })
  it('respects currencies without minor units', () => expect(money(500, 'JPY', 'en')).toBe('¥500'))
  it('shows a dash for nothing, and nought for nought', () => {
    expect(money(null, 'CNY', 'zh-CN')).toBe('–')
    expect(money(0, 'CNY', 'zh-CN')).toBe('¥0.00')
  })
})

describe('instants', () => {
  it('are shown in the zone of the workspace', () => {
    expect(instant('2026-03-07T16:30:05.000Z', 'Asia/Shanghai')).toBe('2026-03-08 00:30')
    expect(instant('2026-03-07T16:30:05.000Z', 'Asia/Shanghai', 'day')).toBe('2026-03-08')
    expect(instant('2026-03-07T16:30:05.000Z', 'UTC', 'second')).toBe('2026-03-07 16:30:05')
  })
  it('may be missing', () => expect(instant(null, 'UTC')).toBe('–'))
  it('are told in words', () => {
    const now = Date.parse('2026-03-08T00:00:00Z')
    expect(ago('2026-03-05T00:00:00Z', now, 'zh-CN')).toBe('3天前')
    expect(ago('2025-03-08T00:00:00Z', now, 'en')).toBe('last year')
  })
})

describe('days of a zone', () => {
  it('begin at its midnight', () => expect(dayStart('2026-03-08', 'Asia/Shanghai')).toBe('2026-03-07T16:00:00.000Z'))
  it('are 23 and 25 hours long when the clocks change', () => {
    const hours = (day: string) => (Date.parse(dayEnd(day, 'America/New_York')) - Date.parse(dayStart(day, 'America/New_York'))) / 3_600_000
    expect([hours('2026-03-08'), hours('2026-06-01'), hours('2026-11-01')]).toEqual([23, 24, 25])
  })
})

describe('sizes and shares', () => {
  it('are short', () => {
    expect([bytes(12), bytes(48_210_944), bytes(null)]).toEqual(['12 B', '46.0 MB', '–'])
    expect(share(0.4133, 'en')).toBe('41.3%')
  })
})

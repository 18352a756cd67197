import { describe, expect, it } from 'vitest'

import { isShare, originPath, reach, rowsOf, standing } from '../src/features/engagement/proof/model'
import type { OutcomeReport, Place } from '../src/features/engagement/proof/queries'

const effect = (low: number, value: number, high: number) => ({ low, value, high, p: 0.01 })
const place = (over: Partial<Place>): Place => ({
  name: '群发', kind: 'campaign', id: 'cmp_1', experiment_id: 'exp_1', units: 90, controls: 10, is_blocked: false, per_unit_minor: effect(1, 2, 3),
  incremental_minor: 180, low_minor: 90, high_minor: 270, q: 0.01, is_found: true, ...over,
})

describe('a row of intervals', () => {
  it('holds every end, and 0', () => {
    const [low, high] = reach([effect(0.2, 0.3, 0.4), effect(0.1, 0.2, 0.5)])
    expect(low).toBeLessThan(0)
    expect(high).toBeGreaterThan(0.5)
  })
  it('has room where nothing was read', () => {
    const [low, high] = reach([])
    expect(high).toBeGreaterThan(low)
  })
})

describe('a place in the league', () => {
  it('says first what keeps it from being read', () => {
    expect(standing(place({ is_blocked: true }))).toBe('blocked')
    expect(standing(place({ per_unit_minor: null }))).toBe('unread')
  })
  it('is a finding for better or worse, or open', () => {
    expect(standing(place({}))).toBe('found')
    expect(standing(place({ per_unit_minor: effect(-3, -2, -1) }))).toBe('harm')
    expect(standing(place({ is_found: false }))).toBe('open')
  })
})

describe('a report', () => {
  const arm = (number: number) => ({
    arm: number, mean: 0.1, difference: null, lift: null, verdict: 'open' as const, incremental_minor: null, incremental_low_minor: null, incremental_high_minor: null,
  })
  it('has a row for every arm but the control, beside the control', () => {
    const outcomes: OutcomeReport[] = [{ outcome: 'conversion', arms: [arm(0), arm(1), arm(2)], winner: null, explained: 0 }]
    const rows = rowsOf(outcomes, ['', 'A', 'B'])
    expect(rows.map((row) => [row.label, row.arm.arm, row.control?.arm])).toEqual([['A', 1, 0], ['B', 2, 0]])
  })
  it('shows shares as such, and leads to what it is about', () => {
    expect([isShare('conversion'), isShare('revenue')]).toEqual([true, false])
    expect(originPath({ origin_kind: 'journey', origin_id: 'jny_1' })).toBe('/journeys/jny_1')
    expect(originPath({ origin_kind: 'workspace', origin_id: '1' })).toBeNull()
  })
})

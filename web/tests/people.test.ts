import { describe, expect, it } from 'vitest'

import { changed, typed } from '@/features/people/attributes'
import { searchOf } from '@/features/people/search'
import { brief, byDay } from '@/features/people/timeline'

describe('the search box', () => {
  it.each([
    ['138 0013 8000', undefined, { identity: 'phone:13800138000' }],
    ['+8613800138000', undefined, { identity: 'phone:+8613800138000' }],
    ['wang@example.com', undefined, { identity: 'email:wang@example.com' }],
    ['王敏', undefined, { q: '王敏' }],
    ['12345', 'buyer_id', { identity: 'buyer_id:12345' }],
    ['  ', 'phone', {}],
  ])('reads %j (%s)', (words, kind, search) => expect(searchOf(words, kind)).toEqual(search))
})

describe('attributes by hand', () => {
  it('sends only what changed', () => {
    expect(changed([{ name: 'city', value: '上海' }], [{ name: 'city', value: '上海' }, { name: 'level', value: '金卡' }])).toEqual([{ name: 'level', value: '金卡' }])
  })
  it('keeps types, and codes as text', () => {
    const written = [['a', '12.5'], ['b', '007'], ['c', 'true'], ['d', ''], ['e', '12345678901234567890'], ['f', '1991-05-04']].map(([name = '', value = '']) => ({ name, value }))
    expect(typed(written)).toEqual({ a: 12.5, b: '007', c: true, d: null, e: '12345678901234567890', f: '1991-05-04' })
  })
})

describe('the timeline', () => {
  it('tells order lines in words', () => {
    const lines = [{ product: '润肤乳', qty: 2 }, { sku: 'B' }, { product: 'C' }, { product: 'D' }]
    expect(brief({ total: 12, empty: null, lines })).toEqual([['total', '12'], ['lines', '润肤乳 × 2，B × 1，C × 1 …']])
  })
  it('groups entries by day in their order', () => {
    const entry = (at: string) => ({ at }) as Parameters<typeof byDay>[0][number]
    expect(byDay([entry('2b'), entry('2a'), entry('1a')], (at) => at.slice(0, 1)).map(([day, each]) => [day, each.length])).toEqual([['2', 2], ['1', 1]])
  })
})

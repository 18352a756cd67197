import { describe, expect, test } from 'vitest'

import { blank, shelves, started } from '@/features/audiences/builder/palette'
import { comparisonOf, isComplete, valueFor, windowOf, withComparison, withMeasure, withWindow } from '@/features/audiences/builder/leaf'
import { add, at, change, complete, duplicate, find, hints, isBranch, leafNode, move, negate, outermost, pathsOf, read, remove, setKind, setLeaf, shift, unwrap, walk, wrap, write, type Node } from '@/features/audiences/builder/tree'

const city = { attribute: 'city', is: '上海' }
const card = { tag: '渠道/包裹卡' }
const bought = { did: 'Order Completed', where: [{ property: 'total', gte: 100 }], measure: { count: true }, gte: 2, within: '90d' }
const vip = { trait: 'loyalty.tier', in: ['gold'] }
const nested = { all: [city, { not: { any: [card, bought] } }, vip] }

const keyAt = (root: Node, path: string) => [...walk(root)].find((each) => each.path === path)!.node.key

describe('reading and writing', () => {
  test('a definition comes out as it went in', () => {
    for (const definition of [nested, city, { all: [] }, { not: { not: card } }, { any: [{ all: [] }] }]) expect(write(read(definition))).toEqual(definition)
  })

  test('"any" of a tag group is no branch', () => {
    expect(read({ tag_group: '渠道', any: true }).kind).toBe('leaf')
  })

  test('reading again keeps the keys of what stays in its place', () => {
    const before = read(nested)
    const after = read({ all: [city, { not: { any: [card, { tag: '渠道/门店' }] } }, vip] }, before)
    expect([...pathsOf(after)]).toEqual([...pathsOf(before)])
    expect(read({ any: [city] }, before).key).not.toBe(before.key)
  })
})

describe('paths', () => {
  test('every node has the path by which the server names it', () => {
    expect([...pathsOf(read(nested)).values()]).toEqual(['$', '$.all[0]', '$.all[1]', '$.all[1].not', '$.all[1].not.any[0]', '$.all[1].not.any[1]', '$.all[2]'])
  })

  test('a path inside a leaf finds the leaf and the rest', () => {
    const root = read(nested)
    const found = at(root, '$.all[1].not.any[1].where[0].gte')
    expect(found.rest).toBe('where[0].gte')
    expect(write(found.node)).toEqual(bought)
    expect(at(root, '$.all[9]').node).toBe(root)
  })

  test('the eleventh place is not the first', () => {
    const many = read({ all: Array.from({ length: 12 }, (_, index) => ({ tag: `t/${index}` })) })
    expect(write(at(many, '$.all[11].tag').node)).toEqual({ tag: 't/11' })
    expect(write(at(many, '$.all[1]').node)).toEqual({ tag: 't/1' })
  })
})

describe('editing', () => {
  test('adding to a group, to a leaf, and to an exclusion', () => {
    expect(write(add(read({ all: [city] }), keyAt(read({ all: [] }), '$'), leafNode(card)))).toEqual({ all: [city] })
    const root = read({ all: [city] })
    expect(write(add(root, root.key, leafNode(card)))).toEqual({ all: [city, card] })
    expect(write(add(root, root.key, leafNode(card), 0))).toEqual({ all: [card, city] })
    const lone = read(city)
    expect(write(add(lone, lone.key, leafNode(card)))).toEqual({ all: [city, card] })
    const without = read({ not: city })
    expect(write(add(without, without.key, leafNode(card)))).toEqual({ all: [{ not: city }, card] })
  })

  test('removing takes an exclusion of nothing with it, and never leaves nothing', () => {
    const root = read({ all: [city, { not: card }] })
    expect(write(remove(root, keyAt(root, '$.all[1].not')))).toEqual({ all: [city] })
    expect(write(remove(root, root.key))).toEqual({ all: [] })
    expect(remove(root, 'unknown')).toBe(root)
  })

  test('excluding twice is including', () => {
    const root = read(nested)
    const key = keyAt(root, '$.all[0]')
    const once = negate(root, key)
    expect(write(find(once, outermost(once, key))!)).toEqual({ not: city })
    expect(write(negate(once, key))).toEqual(nested)
    expect(write(negate(root, keyAt(root, '$.all[1]')))).toEqual({ all: [city, { any: [card, bought] }, vip] })
  })

  test('wrapping and unwrapping undo each other', () => {
    const root = read({ all: [city, card] })
    const wrapped = wrap(root, keyAt(root, '$.all[1]'), 'any')
    expect(write(wrapped)).toEqual({ all: [city, { any: [card] }] })
    expect(write(unwrap(wrapped, keyAt(wrapped, '$.all[1]')))).toEqual({ all: [city, card] })
    const deep = read({ all: [{ any: [city, card] }, vip] })
    expect(write(unwrap(deep, keyAt(deep, '$.all[0]')))).toEqual({ all: [city, card, vip] })
    expect(unwrap(root, root.key)).toBe(root)
  })

  test('a copy stands right below, with keys of its own, its exclusion with it', () => {
    const root = read(nested)
    const doubled = duplicate(root, keyAt(root, '$.all[1].not'))
    expect(write(doubled)).toEqual({ all: [city, nested.all[1], nested.all[1], vip] })
    expect(new Set([...walk(doubled)].map((each) => each.node.key)).size).toBe([...walk(doubled)].length)
    const lone = read(city)
    expect(write(duplicate(lone, lone.key))).toEqual({ all: [city, city] })
  })

  test('leaves and kinds are set in place', () => {
    const root = read(nested)
    expect(write(setLeaf(root, keyAt(root, '$.all[0]'), vip))).toEqual({ all: [vip, nested.all[1], vip] })
    expect(write(setKind(root, root.key, 'any'))).toEqual({ any: nested.all })
    const within = change(root, keyAt(root, '$.all[2]'), (node) => node)
    expect(within).toBe(root)
  })
})

describe('moving', () => {
  test('within a group, into another, never into itself', () => {
    const root = read({ all: [city, { any: [card] }, vip] })
    expect(write(move(root, keyAt(root, '$.all[0]'), root.key, 3))).toEqual({ all: [{ any: [card] }, vip, city] })
    expect(write(move(root, keyAt(root, '$.all[2]'), keyAt(root, '$.all[1]'), 0))).toEqual({ all: [city, { any: [vip, card] }] })
    expect(move(root, keyAt(root, '$.all[1]'), keyAt(root, '$.all[1]'), 0)).toBe(root)
    expect(move(root, root.key, root.key, 0)).toBe(root)
  })

  test('up and down go past leaves, into groups and out again', () => {
    const root = read({ all: [city, { any: [card] }, vip] })
    const key = keyAt(root, '$.all[0]')
    const inside = shift(root, key, 1)
    expect(write(inside)).toEqual({ all: [{ any: [city, card] }, vip] })
    const below = shift(inside, key, 1)
    expect(write(below)).toEqual({ all: [{ any: [card, city] }, vip] })
    const out = shift(below, key, 1)
    expect(write(out)).toEqual({ all: [{ any: [card] }, city, vip] })
    const last = shift(out, key, 1)
    expect(write(last)).toEqual({ all: [{ any: [card] }, vip, city] })
    expect(shift(last, key, 1)).toBe(last)
    expect(write(shift(last, key, -1))).toEqual(write(out))
    expect(write(shift(out, key, -1))).toEqual(write(below))
  })

  test('an exclusion moves with what it excludes', () => {
    const root = read({ all: [{ not: city }, card] })
    expect(write(shift(root, keyAt(root, '$.all[0].not'), 1))).toEqual({ all: [card, { not: city }] })
  })
})

describe('rows that are not filled in', () => {
  test('are left out of what is counted, and told', () => {
    const root = read({ all: [city, { attribute: '', is: '' }, { not: { tag: '' } }, { any: [{ tag: '' }] }, { any: [] }] })
    expect(write(complete(root)!)).toEqual({ all: [city, { any: [] }] })
    expect(pathsOf(complete(root)!).get(root.key)).toBe('$')
    expect(hints(root).map((hint) => hint.code)).toEqual(['unfilled', 'unfilled', 'unfilled', 'empty_any'])
  })

  test('depth and number are limited', () => {
    let deep: Record<string, unknown> = city
    for (let depth = 0; depth < 13; depth += 1) deep = { all: [deep] }
    expect(hints(read(deep)).map((hint) => hint.code)).toEqual(['too_deep'])
    expect(hints(read({ all: Array.from({ length: 201 }, () => card) })).map((hint) => hint.code)).toEqual(['too_many'])
  })

  test.each(shelves.flatMap((shelf) => shelf.entries.map((entry) => entry.name)))('a blank %s is one condition', (name) => {
    const node = read(blank(name, 'salt'))
    expect(isBranch(node)).toBe(false)
    const named = JSON.parse(JSON.stringify(blank(name, 'salt')).replaceAll('""', '"x"')) as Record<string, unknown>
    expect(isComplete(named)).toBe(true)
  })
})

test('a template waits for what it has no default for', () => {
  const definition = { all: [city, { served_by: { store: 'S001' } }] }
  const store = { pointers: ['/all/1/served_by/store'], is_required: true }
  expect(started({ definition, params: [store, { pointers: ['/all/0/is'], is_required: false }] })).toEqual({ all: [city, { served_by: { store: '' } }] })
  expect(definition.all[1]).toEqual({ served_by: { store: 'S001' } })
})

describe('comparisons and windows', () => {
  test('between is a window of two texts and a comparison of two numbers', () => {
    const leaf = { did: 'A', measure: { count: true }, between: ['2026-01-01', '2026-02-01'], gte: 2 }
    expect(comparisonOf(leaf, true)).toEqual({ op: 'gte', value: 2 })
    expect(windowOf(leaf)).toEqual({ kind: 'between', from: '2026-01-01', to: '2026-02-01' })
    expect(comparisonOf({ attribute: 'age', between: [18, 30] })).toEqual({ op: 'between', value: [18, 30] })
    expect(withWindow(leaf, { kind: 'rolling', within: '7d' })).toEqual({ did: 'A', measure: { count: true }, gte: 2, within: '7d' })
    expect(withComparison(leaf, { op: 'between', value: [1, 2] }, true)).toMatchObject({ between: [1, 2] })
  })

  test('"in" is a zone where it is a text, and goes with its window', () => {
    const leaf = { did: 'A', within: 'calendar day', in: 'member' }
    expect(comparisonOf(leaf, true)).toBeUndefined()
    expect(withWindow(leaf, { kind: 'calendar', unit: 'week' })).toEqual({ did: 'A', within: 'calendar week', in: 'member' })
    expect(withWindow(leaf, { kind: 'ever' })).toEqual({ did: 'A' })
  })

  test('a sum needs a comparison', () => {
    expect(withMeasure({ did: 'A' }, { kind: 'sum', property: 'total' })).toEqual({ did: 'A', measure: { sum: 'total' }, gte: 1 })
  })

  test('what was typed is kept where it fits the next operator', () => {
    expect(valueFor('in', '上海', 'text')).toEqual(['上海'])
    expect(valueFor('is', ['上海', '杭州'], 'text')).toBe('上海')
    expect(valueFor('gte', '上海', 'text')).toBeNull()
    expect(valueFor('between', 18, 'number')).toEqual([18, 18])
    expect(valueFor('within_last', 'x', 'instant')).toBe('30d')
    expect(valueFor('exists', 'x', 'text')).toBe(true)
    expect(valueFor('is', undefined, 'boolean')).toBe(true)
    expect(valueFor('is', '7d', 'text')).toBe('')
  })
})

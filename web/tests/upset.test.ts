import { expect, test } from 'vitest'

import { identified } from '@/features/audiences/lists'
import { barHeight, columnsOf, desk, spanOf } from '@/features/audiences/upset'

const overlap = {
  of: 10,
  sizes: ['a', 'b', 'c'].map((id) => ({ id, name: id, count: 5 })),
  intersections: [{ ids: ['a'], count: 2 }, { ids: ['a', 'c'], count: 5 }, { ids: ['b', 'c'], count: 0 }, { ids: ['b'], count: 2 }, { ids: ['a', 'b', 'c'], count: 2 }],
}

test('columns hold somebody, the largest first, fewer audiences before more', () => {
  expect(columnsOf(overlap).map((column) => column.ids.join(''))).toEqual(['ac', 'a', 'b', 'abc'])
})

test('the line runs from the first dot to the last', () => {
  expect(spanOf({ ids: ['c', 'a'], count: 1 }, ['a', 'b', 'c'])).toEqual([0, 2])
  expect(spanOf({ ids: ['b'], count: 1 }, ['a', 'b', 'c'])).toEqual([1, 1])
})

test('whoever is there is seen', () => {
  expect(barHeight(desk, 1, 100_000)).toBe(2)
  expect(barHeight(desk, 0, 10)).toBe(0)
  expect(barHeight(desk, 10, 10)).toBe(desk.bars)
})

test('a pasted list gives each person once, by member id or by an identity', () => {
  expect(identified('13800000000，13800000000\n13900000000', 'phone')).toEqual({ identities: ['13800000000', '13900000000'].map((value) => ({ kind: 'phone', value, namespace: '' })) })
  expect(identified('mem_1; mem_2', 'member')).toEqual({ member_ids: ['mem_1', 'mem_2'] })
})

import { expect, test } from 'vitest'

import { ofSquare, squares, strength } from '@/features/analytics/grid'

const cell = (recency: number, frequency: number, monetary: number, members: number, segment: string) => ({ recency, frequency, monetary, members, net_minor: members * 100, segment })
const cells = [cell(5, 1, 1, 3, 'new'), cell(5, 1, 4, 7, 'potential'), cell(1, 5, 5, 2, 'precious')]

test('the most recent row is first and every cell falls into its square', () => {
  const grid = squares(cells, null)
  expect(grid.map((row) => row[0]?.recency)).toEqual([5, 4, 3, 2, 1])
  expect(grid[0]?.[0]).toEqual({ recency: 5, frequency: 1, monetary: null, members: 10, net_minor: 1000, segments: ['potential', 'new'] })
  expect(grid[4]?.[4]?.members).toBe(2)
  expect(grid.flat().reduce((sum, square) => sum + square.members, 0)).toBe(12)
})

test('one monetary score shows only its cells', () => {
  expect(squares(cells, 4).flat().reduce((sum, square) => sum + square.members, 0)).toBe(7)
})

test('a square is an audience', () => {
  const [all, one] = [squares(cells, null)[0]?.[0], squares(cells, 4)[0]?.[0]]
  expect(all && ofSquare(all)).toEqual({ all: [{ trait: 'rfm.recency', is: 5 }, { trait: 'rfm.frequency', is: 1 }] })
  expect(one && ofSquare(one)).toEqual({ trait: 'rfm.cell', is: '5-1-4' })
})

test('an empty square has no colour', () => {
  expect([strength(0, 10), strength(10, 10), strength(5, 0)]).toEqual([0, 1, 0])
})

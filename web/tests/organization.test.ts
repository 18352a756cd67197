import { describe, expect, it } from 'vitest'

import { hoursFrom, spansFrom, textOf } from '@/features/organization/hours'
import { choices, findUnit, narrowed, pathOf } from '@/features/organization/tree'
import type { UnitNode } from '@/features/organization/types'

const unit = (id: string, children: UnitNode[] = []): UnitNode => ({ id, code: id.toUpperCase(), name: `name ${id}`, kind: 'store', closed_on: null, stores_count: 0, staff_count: 0, children })
const tree = [unit('hq', [unit('east', [unit('s1'), unit('s2')]), unit('west')])]

describe('opening hours', () => {
  it('are read as people write them', () => {
    expect(spansFrom('10:00-22:00')).toEqual([['10:00', '22:00']])
    expect(spansFrom('10：00–13:00，15:00~21:30')).toEqual([['10:00', '13:00'], ['15:00', '21:30']])
  })
  it('may be empty: closed', () => expect(spansFrom(' ')).toEqual([]))
  it.each(['10-22', '25:00-26:00', '10:00', '10:00-10:00', 'a-b'])('refuse %s', (text) => expect(spansFrom(text)).toBeNull())
  it('survive the way there and back', () => {
    const hours = hoursFrom({ mon: '10:00-22:00', sat: '09:00-12:00, 13:00-23:30' })
    expect([textOf(hours?.mon), textOf(hours?.sat), textOf(hours?.sun)]).toEqual(['10:00-22:00', '09:00-12:00, 13:00-23:30', ''])
  })
  it('fail as a whole when one day does', () => expect(hoursFrom({ tue: 'noon' })).toBeNull())
})

describe('the tree of units', () => {
  it('finds a unit and the way to it', () => {
    expect(findUnit(tree, 's2')?.code).toBe('S2')
    expect(pathOf(tree, 's2').map((each) => each.id)).toEqual(['hq', 'east', 's2'])
    expect(pathOf(tree, 'gone')).toEqual([])
  })
  it('narrows to what matches and what is above it', () => {
    expect(narrowed(tree, 'S1')[0]?.children.map((each) => [each.id, each.children.map((below) => below.id)])).toEqual([['east', ['s1']]])
  })
  it('does not let a unit move under itself', () => {
    const east = choices(tree, 'east')[0]?.children[0]
    expect([east?.disabled, east?.children.every((each) => each.disabled), choices(tree, 'east')[0]?.disabled]).toEqual([true, true, false])
  })
})

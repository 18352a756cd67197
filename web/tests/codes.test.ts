import { describe, expect, it } from 'vitest'

import { blankCode, bytesOf, daysText, everyDay, isAlways, moved, placed, scanPage, tagOf, without } from '@/features/acquisition/codes/model'

const names = ['一', '二', '三', '四', '五', '六', '日']

describe('drafts of codes', () => {
  it('a channel code begins with one shift and one welcome, a group code with neither', () => {
    expect(blankCode('channel', '你好').plan?.shifts).toHaveLength(1)
    expect(blankCode('channel', '你好').welcome).toHaveLength(1)
    expect(blankCode('group', '你好').plan?.shifts).toEqual([])
    expect(blankCode('group', '你好').welcome).toEqual([])
  })

  it('hours that are whole days are always', () => {
    expect(isAlways({ start: '00:00', end: '00:00', weekdays: everyDay })).toBe(true)
    expect(isAlways({ start: '00:00', end: '00:00', weekdays: [0] })).toBe(false)
    expect(isAlways({ start: '09:00', end: '18:00', weekdays: everyDay })).toBe(false)
  })

  it('reads days as runs', () => {
    expect(daysText([4, 0, 1, 2, 3], names)).toBe('一–五')
    expect(daysText([0, 2, 5, 6], names)).toBe('一 三 六 日')
    expect(daysText([], names)).toBe('')
  })

  it('counts a text as the platform does', () => {
    expect(bytesOf('好a')).toBe(4)
  })

  it('a tag without a group goes into the one of sources', () => {
    expect(tagOf('渠道/包裹卡', '来源')).toEqual({ group: '渠道', name: '包裹卡' })
    expect(tagOf('海报', '来源')).toEqual({ group: '来源', name: '海报' })
    expect(tagOf('a/b/c', '来源')).toEqual({ group: 'a', name: 'b/c' })
  })

  it('changes lists without changing them', () => {
    const list = ['a', 'b', 'c']
    expect(placed(list, 1, 'x')).toEqual(['a', 'x', 'c'])
    expect(without(list, 0)).toEqual(['b', 'c'])
    expect(moved(list, 2, -1)).toEqual(['a', 'c', 'b'])
    expect(list).toEqual(['a', 'b', 'c'])
  })
})

describe('a code of the simulator', () => {
  it('is scanned on a page of its own, one of the platform is not', () => {
    expect(scanPage('http://127.0.0.1:8810/wwhead/abc/0')).toBe('http://127.0.0.1:8810/scan?way=abc')
    expect(scanPage('http://127.0.0.1:8810/wwpic/join/x_y/0')).toBe('http://127.0.0.1:8810/scan?way=x_y')
    expect(scanPage('http://localhost:8810/ca/key?customer_channel=s')).toBe('http://localhost:8810/ca/key?customer_channel=s')
    expect(scanPage('https://wework.qpic.cn/wwhead/abc/0')).toBeUndefined()
    expect(scanPage('')).toBeUndefined()
  })
})

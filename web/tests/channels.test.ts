import { describe, expect, it } from 'vitest'

import { behaviourBy, byDay, fieldsIn, namesIn, reasons, summed } from '../src/features/channels/model'
import { callbackAddress, isStandIn, unguessable } from '../src/features/channels/words'

describe('groups by day', () => {
  it('sums owners and sorts days', () => {
    const row = (day: string, joined: number) => ({ day, new_members: joined, members: 10, chats: 1, messages: 2 })
    expect(byDay([row('2026-03-02', 1), row('2026-03-01', 2), row('2026-03-02', 3)])).toEqual([
      { day: '2026-03-01', joined: 2, people: 10, chats: 1, messages: 2 },
      { day: '2026-03-02', joined: 4, people: 20, chats: 2, messages: 4 },
    ])
  })
})

describe('a hand-over', () => {
  it('reads ids as they are pasted', () => {
    expect(namesIn(' wm1\nwm2,wm1，wm3 ;\n')).toEqual(['wm1', 'wm2', 'wm3'])
    expect(namesIn('  ')).toEqual([])
  })

  it('counts why customers are left out', () => {
    const row = (code: string) => ({ code, zh: code, en: code })
    expect(reasons([row('a'), row('b'), row('b')]).map((one) => [one.code, one.number])).toEqual([['b', 2], ['a', 1]])
  })
})

describe('a test message', () => {
  it('reads the fields of a template', () => {
    expect(fieldsIn('thing1= 测试 \ntime3=2026-03-18 12:00=x\nnothing\n=y')).toEqual({ thing1: '测试', time3: '2026-03-18 12:00=x' })
  })
})

describe('an account', () => {
  it('is known to stand in for the platform by its host', () => {
    expect(['', 'https://qyapi.weixin.qq.com/', 'http://127.0.0.1:8810'].map(isStandIn)).toEqual([false, false, true])
  })

  it('has an address to copy', () => {
    expect(callbackAddress('https://crm.example', '/callbacks/wecom/acc')).toBe('https://crm.example/callbacks/wecom/acc')
    expect(callbackAddress('https://crm.example', 'https://other.example/x')).toBe('https://other.example/x')
  })

  it('gets keys of letters and digits that differ', () => {
    const [one, other] = [unguessable(43), unguessable(43)]
    expect(one).toMatch(/^[A-Za-z0-9]{43}$/)
    expect(one).not.toBe(other)
  })
})

describe('days of staff', () => {
  const day = (userid: string, on: string, chats: number, reply: number | null) => ({
    userid, day: on, new_applications: 1, new_contacts: 1, chats, messages: 2 * chats, negative_feedback: 0, reply_percentage: reply, reply_minutes: reply === null ? null : 10,
  })
  const rows = [day('a', '2026-03-02', 3, 100), day('b', '2026-03-01', 1, 20), day('a', '2026-03-01', 0, null)]

  it('add up, and means count a day as often as it had chats', () => {
    expect(summed('', rows)).toMatchObject({ chats: 4, messages: 8, new_contacts: 3, reply_percentage: 80, reply_minutes: 10 })
    expect(summed('', [])).toMatchObject({ chats: 0, reply_percentage: null })
  })

  it('are sorted by day, or by who has the most', () => {
    expect(behaviourBy('day', rows, 'chats').map((one) => [one.key, one.chats])).toEqual([['2026-03-01', 1], ['2026-03-02', 3]])
    expect(behaviourBy('userid', rows, 'reply_percentage').map((one) => one.key)).toEqual(['a', 'b'])
  })
})

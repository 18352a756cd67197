import { expect, test } from 'vitest'

import { blankDraft, bytesOf, kinds, nextStep, placed, textsOf, variablesIn, without } from '@/features/content/model'
import type { Draft, Material } from '@/features/content/types'
import { messagesOf } from '@/features/content/words'

const told = { link: '链接', mini: '小程序', file: '文件', video: '视频' }
const draft = (text: string): Draft => ({ ...blankDraft('text'), body: { text } })

test('the variables of a draft are named once, wherever they stand', () => {
  expect(variablesIn(draft("{{ member.name | default: 'a.b' }}{% if member.name %}{{ member.attributes.肤质 }}{% endif %} a.b"))).toEqual(['member.name', 'member.attributes.肤质'])
  expect(variablesIn(draft('没有'))).toEqual([])
})

test('a draft of each kind begins with what the kind needs', () => {
  for (const kind of kinds) {
    const made = blankDraft(kind)
    expect(Boolean(made.poster)).toBe(kind === 'poster')
    expect(Boolean(made.article)).toBe(kind === 'article')
    expect(made.body?.attachments?.[0]?.kind).toBe(['text', 'poster', 'article'].includes(kind) ? undefined : kind)
  }
  expect(textsOf(blankDraft('text'))).toEqual([])
})

test('a body is read as the messages of a chat', () => {
  const body = { text: ' 你好 ', attachments: [{ kind: 'image' as const, file_id: 'file_1' }, { kind: 'mini' as const, title: '首发', app_id: 'wx1', cover_file_id: 'file_2' }, { kind: 'video' as const }, { kind: 'link' as const, title: '看', url: 'https://a.example' }] }
  expect(messagesOf(body, told, 'data:poster').map((one) => one.kind)).toEqual(['text', 'image', 'image', 'miniprogram', 'link', 'link'])
  expect(messagesOf(undefined, told)).toEqual([])
})

test('what can be done next', () => {
  const at = (latest_state: string, state = 'draft') => ({ latest_state, state }) as Material
  expect(['draft', 'rejected', 'waiting', 'approved'].map((state) => nextStep(at(state)))).toEqual(['submit', 'submit', 'decide', 'none'])
  expect(nextStep(at('draft', 'retired'))).toBe('none')
})

test('lists and bytes', () => {
  expect(placed(['a', 'b'], 1, 'c')).toEqual(['a', 'c'])
  expect(without(['a', 'b'], 0)).toEqual(['b'])
  expect(bytesOf('好a')).toBe(4)
})

import { expect, test } from 'vitest'

import { narrowed, persons } from '@/features/tags/model'
import type { TagGroup } from '@/features/tags/types'

const group = (name: string, ...tags: string[]) => ({ id: name, name, tags: tags.map((tag) => ({ id: tag, name: tag, group: name })) }) as unknown as TagGroup

test('a pasted list gives each person once', () => {
  expect(persons('13800000000\n\n 13900000000 ，13800000000', 'phone').map((one) => (typeof one === 'string' ? one : one.value))).toEqual(['13800000000', '13900000000'])
  expect(persons('mem_1;mem_2', 'member')).toEqual(['mem_1', 'mem_2'])
})

test('searching keeps whole groups by name and single tags by theirs', () => {
  const groups = [group('渠道', '包裹卡', '门店'), group('偏好', '香氛')]
  expect(narrowed(groups, '渠道')[0]?.tags).toHaveLength(2)
  expect(narrowed(groups, '门店').map((one) => one.tags.map((tag) => tag.name))).toEqual([['门店']])
  expect(narrowed(groups, ' ')).toBe(groups)
})

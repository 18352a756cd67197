import { expect, test } from 'vitest'

import { changed, formValue } from '@/features/console/parameters'
import type { Setting } from '@/features/console/types'

const setting = (name: string, kind: Setting['kind'], value: Setting['value']) => ({ name, kind, value, default: value, least: null, most: null, zh: name, en: name }) as Setting

test('limits by name are written as pairs and read back', () => {
  const limits = setting('limits', 'whole_by_name', { phone: 3 })
  expect(formValue(limits)).toEqual(['phone=3'])
  expect(changed([limits], { limits: ['phone=3'] })).toEqual({})
  expect(changed([limits], { limits: ['phone=3', ' card_no = 2'] })).toEqual({ limits: { phone: 3, card_no: 2 } })
})

test('only what differs is sent, and an emptied field asks for the default', () => {
  const settings = [setting('days', 'whole', 90), setting('weekly', 'switch', false)]
  expect(changed(settings, { days: 90, weekly: true })).toEqual({ weekly: true })
  expect(changed(settings, { days: null, weekly: false })).toEqual({ days: null })
})

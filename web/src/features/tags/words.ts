import type { TFunction } from 'i18next'

import { named } from '@/lib/words'

/** Where a statement came from, in words: "import:…" and "rule:…" name what they came through. */
export function origin(t: TFunction, source: string): string {
  const [head = ''] = source.split(':', 1)
  return named(t, 'origins', head) || '–'
}

/** Who said it; the system's own steps have a word. */
export const actor = (t: TFunction, by: string): string => (by === 'system' ? named(t, 'origins', 'system') : by)

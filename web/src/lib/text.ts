/** The text of a record that carries both languages. */
export function bilingual(record: { zh?: string | null; en?: string | null }, language: string): string {
  return (language.startsWith('zh') ? record.zh : record.en) || record.zh || record.en || ''
}

/** Any value of an event or attribute as one line of text. */
export function plain(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–'
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return JSON.stringify(value)
}

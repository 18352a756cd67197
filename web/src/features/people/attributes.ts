export type Written = { name: string; value: string }

/** Only what differs from before is sent, so that untouched attributes keep their time and source. */
export function changed(before: Written[], after: Written[]): Written[] {
  const known = new Map(before.map((each) => [each.name, each.value]))
  return after.filter((each) => known.get(each.name) !== each.value)
}

/** Numbers and truth values typed by hand keep their type; an emptied attribute becomes null. */
export function typed(written: Written[]): Record<string, string | number | boolean | null> {
  return Object.fromEntries(
    written.map(({ name, value = '' }) => {
      const text = value.trim()
      if (text === '') return [name, null]
      if (text === 'true' || text === 'false') return [name, text === 'true']
      // A leading zero or more digits than a double holds is a code, not a number.
      if (/^-?(0|[1-9]\d{0,14})(\.\d{1,9})?$/.test(text)) return [name, Number(text)]
      return [name, text]
    }),
  )
}

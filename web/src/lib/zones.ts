// What a Chinese brand usually wants, before the long list.
const usual = ['Asia/Shanghai', 'Asia/Hong_Kong', 'Asia/Taipei', 'Asia/Singapore', 'Asia/Tokyo', 'UTC', 'Europe/London', 'America/New_York', 'America/Los_Angeles']

/** Every time zone the browser knows, the usual ones first. */
export function timeZones(): string[] {
  const known = Intl.supportedValuesOf('timeZone')
  return [...usual, ...known.filter((zone) => !usual.includes(zone))]
}

import type { TFunction } from 'i18next'

/**
 * The word for a name that comes from outside (an event, a job, an action), or the name itself when there is none.
 * Such names may hold dots and colons, which otherwise mean "deeper" and "other file".
 */
export function named(t: TFunction, group: string, name: string): string {
  return t(`${group.replaceAll('.', '|')}|${name}`, { keySeparator: '|', nsSeparator: '¦', defaultValue: name })
}

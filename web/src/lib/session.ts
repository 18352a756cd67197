import { createContext, useContext } from 'react'
import { useTranslation } from 'react-i18next'

import type { components } from '@/api/schema'

import * as format from './format'

export type Session = components['schemas']['SessionOut']

export const SessionContext = createContext<Session | null>(null)

/** The signed-in session; only pages inside the shell may ask. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (!session) throw new Error('useSession outside the shell')
  return session
}

/** Whether the session holds a permission. Hiding is courtesy: the server decides. */
export function useCan(): (permission: string) => boolean {
  const held = new Set<string>(useSession().permissions)
  return (permission) => held.has(permission)
}

/** Formatting with the workspace's zone and currency and the chosen language. */
export function useFormat() {
  const { workspace, now } = useSession()
  const { i18n } = useTranslation()
  const language = i18n.language
  const today = new Date(now).getTime()
  return {
    money: (minor: number | null | undefined, currency?: string | null) => format.money(minor, currency || workspace.currency, language),
    moneyShort: (minor: number | null | undefined) => format.moneyShort(minor, workspace.currency, language),
    count: (value: number | null | undefined) => format.count(value, language),
    share: (value: number | null | undefined) => format.share(value, language),
    instant: (value: string | null | undefined, precision?: 'day' | 'minute' | 'second') => format.instant(value, workspace.time_zone, precision),
    ago: (value: string | null | undefined) => format.ago(value, today, language),
    list: (names: string[]) => format.listed(names, language),
    bytes: format.bytes,
    now: today,
  }
}

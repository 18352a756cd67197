import { useSyncExternalStore } from 'react'

import { sizes } from './tokens'

const PHONE = `(max-width: ${sizes.phone - 1}px)`
const STILL = '(prefers-reduced-motion: reduce)'

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = window.matchMedia(query)
      media.addEventListener('change', changed)
      return () => media.removeEventListener('change', changed)
    },
    () => window.matchMedia(query).matches,
  )
}

/** Whether the window is as narrow as a phone. */
export const useIsPhone = (): boolean => useMedia(PHONE)

/** Whether the system asks for less motion. */
export const useIsStill = (): boolean => useMedia(STILL)

import { useSyncExternalStore } from 'react'

import { sizes } from './tokens'

const query = () => window.matchMedia(`(max-width: ${sizes.phone - 1}px)`)

function watch(changed: () => void): () => void {
  const media = query()
  media.addEventListener('change', changed)
  return () => media.removeEventListener('change', changed)
}

/** Whether the window is as narrow as a phone. */
export function useIsPhone(): boolean {
  return useSyncExternalStore(watch, () => query().matches)
}

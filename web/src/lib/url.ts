import { useCallback } from 'react'
import { useSearchParams } from 'react-router'

type Patch = Record<string, string | undefined | null>

/** Filters, tabs and open drawers live in the URL, so that a view can be sent to a colleague. */
export function useUrlState(): [(name: string) => string | undefined, (patch: Patch) => void] {
  const [params, setParams] = useSearchParams()
  const read = useCallback((name: string) => params.get(name) ?? undefined, [params])
  const write = useCallback(
    (patch: Patch) =>
      setParams(
        (before) => {
          const next = new URLSearchParams(before)
          for (const [name, value] of Object.entries(patch)) {
            if (value) next.set(name, value)
            else next.delete(name)
          }
          return next
        },
        { replace: true },
      ),
    [setParams],
  )
  return [read, write]
}

import { useEffect, useMemo, useRef, useState } from 'react'

import { Problem, type Fault } from '@/api/problem'

import { askPreview, askText } from '../queries'
import type { Preview, Warned } from '../types'
import { at, branch, complete, pathsOf, write, type Node } from './tree'

// Long enough that a number is typed before it is counted, short enough to feel at once.
const DEBOUNCE_MS = 250

type Counted = { preview?: Preview; counts: ReadonlyMap<string, number>; warnings: ReadonlyMap<string, Warned[]>; faults: ReadonlyMap<string, Fault[]>; problem?: unknown; text?: string }
const nothing: Counted = { counts: new Map(), warnings: new Map(), faults: new Map() }

function byNode<T extends { path: string }>(root: Node, told: T[]): Map<string, T[]> {
  const found = new Map<string, T[]>()
  for (const one of told) {
    const { key } = at(root, one.path).node
    found.set(key, [...(found.get(key) ?? []), one])
  }
  return found
}

function countsOf(root: Node, preview: Preview): Map<string, number> {
  const counts = new Map(preview.leaves.map((each) => [each.path, each.count]))
  return new Map([...pathsOf(root)].flatMap(([key, path]) => (counts.has(path) ? [[key, counts.get(path) ?? 0] as const] : [])))
}

/**
 * The counts of a tree while it is edited. The answer before stays until the next one; an answer to an older edit is
 * never taken. Rows that are still being filled in are left out.
 */
export function useCounted(tree: Node) {
  const whole = useMemo(() => complete(tree) ?? { ...branch('all', []), key: tree.key }, [tree])
  const [counted, setCounted] = useState(nothing)
  const [asked, setAsked] = useState('')
  const newest = useRef(whole)
  const isFirst = useRef(true)
  // The keys too: the same definition in other rows has to be told to those rows.
  const said = useMemo(() => JSON.stringify([write(whole), [...pathsOf(whole).keys()]]), [whole])
  useEffect(() => {
    newest.current = whole
  })
  useEffect(() => {
    const gone = new AbortController()
    const root = newest.current
    const definition = write(root)
    const taken = (change: (before: Counted) => Counted) => !gone.signal.aborted && setCounted(change)
    const ask = () => {
      askText(definition, gone.signal).then(({ text }) => taken((before) => ({ ...before, text })), () => undefined)
      askPreview(definition, gone.signal).then(
        (preview) => taken(({ text }) => ({ text, preview, counts: countsOf(root, preview), warnings: byNode(root, preview.warnings), faults: new Map() })),
        (thrown: unknown) => {
          const problem = Problem.from(thrown)
          taken((before) => ({ ...before, warnings: new Map(), faults: byNode(root, problem.faults), problem: problem.faults.length ? undefined : problem }))
        },
      ).finally(() => !gone.signal.aborted && setAsked(said))
    }
    // What a page opens with is asked at once.
    const timer = setTimeout(ask, isFirst.current ? 0 : DEBOUNCE_MS)
    isFirst.current = false
    return () => {
      clearTimeout(timer)
      gone.abort()
    }
  }, [said])
  return { ...counted, isAsking: asked !== said, definition: write(whole) }
}

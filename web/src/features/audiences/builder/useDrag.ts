import { useState, type DragEvent, type KeyboardEvent } from 'react'

import { useBuilding } from './context'
import { move, outermost, parentOf, shift } from './tree'

const TYPE = 'application/x-wellspring-condition'

/** Moves a row with the mouse by its handle, or with Alt and the arrow keys. */
export function useDrag(key: string) {
  const { root, set } = useBuilding()
  const [edge, setEdge] = useState<'before' | 'after' | null>(null)
  const half = (event: DragEvent) => {
    const box = event.currentTarget.getBoundingClientRect()
    return event.clientY < box.top + box.height / 2 ? 'before' : 'after'
  }
  const takes = (event: DragEvent) => event.dataTransfer.types.includes(TYPE)
  const handle = { draggable: true, onDragStart: (event: DragEvent) => event.dataTransfer.setData(TYPE, key) }
  const target = {
    'data-edge': edge ?? undefined,
    onDragOver: (event: DragEvent) => {
      if (!takes(event)) return
      event.preventDefault()
      event.stopPropagation()
      setEdge(half(event))
    },
    onDragLeave: () => setEdge(null),
    onDrop: (event: DragEvent) => {
      if (!takes(event)) return
      event.preventDefault()
      event.stopPropagation()
      setEdge(null)
      const here = outermost(root, key)
      const parent = parentOf(root, here)
      if (parent) set(move(root, event.dataTransfer.getData(TYPE), parent.key, parent.nodes.findIndex((child) => child.key === here) + (half(event) === 'after' ? 1 : 0)))
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
      event.preventDefault()
      event.stopPropagation()
      set(shift(root, key, event.key === 'ArrowUp' ? -1 : 1))
    },
  }
  return { handle, target }
}

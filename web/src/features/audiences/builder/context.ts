import { createContext, useContext } from 'react'

import type { Fault } from '@/api/problem'

import type { Vocabulary, Warned } from '../types'
import type { Node } from './tree'

export type Building = {
  root: Node
  set: (root: Node) => void
  /** How many members each node holds for, as far as it was answered. */
  counts: ReadonlyMap<string, number>
  isAsking: boolean
  faults: ReadonlyMap<string, Fault[]>
  warnings: ReadonlyMap<string, Warned[]>
  vocabulary: Vocabulary
  /** The audience that is being edited: it cannot be defined by itself. */
  audienceId?: string
}

export const BuildingContext = createContext<Building | null>(null)

/** What every row of the builder shares. */
export function useBuilding(): Building {
  const building = useContext(BuildingContext)
  if (!building) throw new Error('useBuilding outside the builder')
  return building
}

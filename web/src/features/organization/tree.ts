import type { UnitNode } from './types'

/** A unit of the tree by its id. */
export function findUnit(nodes: UnitNode[], id: string | undefined): UnitNode | undefined {
  for (const node of nodes) {
    const found = node.id === id ? node : findUnit(node.children, id)
    if (found) return found
  }
  return undefined
}

/** The names from the top down to a unit. */
export function pathOf(nodes: UnitNode[], id: string): UnitNode[] {
  for (const node of nodes) {
    if (node.id === id) return [node]
    const below = pathOf(node.children, id)
    if (below.length) return [node, ...below]
  }
  return []
}

/** The tree with only the units that match, and those above them. */
export function narrowed(nodes: UnitNode[], words: string): UnitNode[] {
  const wanted = words.trim().toLowerCase()
  if (!wanted) return nodes
  return nodes.flatMap((node) => {
    const children = narrowed(node.children, wanted)
    const matches = node.name.toLowerCase().includes(wanted) || node.code.toLowerCase().includes(wanted)
    return matches || children.length ? [{ ...node, children: matches ? node.children : children }] : []
  })
}

export type Choice = { value: string; title: string; disabled?: boolean; children: Choice[] }

/** The tree as antd's pickers want it; `without` and what is below it cannot be chosen (a unit cannot move under itself). */
export function choices(nodes: UnitNode[], without?: string, isUnder = false): Choice[] {
  return nodes.map((node) => {
    const disabled = isUnder || node.id === without
    return { value: node.id, title: node.name, disabled, children: choices(node.children, without, disabled) }
  })
}

import { useTree } from '../queries'
import type { UnitNode } from '../types'

function nameOf(nodes: UnitNode[], id: string): string | undefined {
  for (const node of nodes) {
    const found = node.id === id ? node.name : nameOf(node.children, id)
    if (found) return found
  }
  return undefined
}

/** The name of a unit that a row holds the id of. */
export function UnitName({ id }: { id: string | null | undefined }) {
  const tree = useTree()
  return <>{(id && nameOf(tree.data ?? [], id)) || id || '–'}</>
}

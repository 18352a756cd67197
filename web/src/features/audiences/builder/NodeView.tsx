import { Group } from './Group'
import { Row } from './Row'
import type { Node } from './tree'

/** A node in its place: an exclusion shows as what it excludes, marked. */
export function NodeView({ node }: { node: Node }) {
  if (node.kind === 'leaf') return <Row node={node} excluded={false} />
  const [only] = node.nodes
  if (node.kind !== 'not' || !only) return <Group node={node} excluded={false} />
  if (only.kind === 'leaf') return <Row node={only} excluded />
  return only.kind === 'not' ? <Group node={node} excluded={false} /> : <Group node={only} excluded />
}

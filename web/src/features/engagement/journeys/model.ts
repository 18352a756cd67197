import type { Branch, Graph, GraphNode, NodeKind, Standing } from './types'

/** Where a node can lead: the port's name, and how it is told to people (a key of the words, or the branch's own name). */
export type Port = { id: string; label?: string }
export const ENTRY = '@entry'
export const kinds: NodeKind[] = ['wait', 'split', 'send', 'task', 'invite', 'tag', 'update', 'coupon', 'points', 'webhook', 'goal', 'exit']
export const sending: ReadonlySet<NodeKind> = new Set(['send', 'task', 'invite'])
/** How far a message may come (rules/journeys/nodes.py). */
export const fates = ['sent', 'delivered', 'read', 'clicked', 'replied', 'failed']
const GAP = 150

export const emptyGraph = (): Graph => ({ entry: { trigger: { kind: 'audience', audience: '', who: 'both' }, reentry: 'never' }, start: null, nodes: {} })

/** A draft as it came from the server; an empty one is a canvas to begin on. */
export function graphOf(draft: unknown): Graph {
  const found = draft as Partial<Graph> | null
  return found?.entry && found.nodes ? (found as Graph) : emptyGraph()
}

export function ports(node: GraphNode): Port[] {
  if (node.kind === 'exit') return []
  if (node.kind === 'split' && node.mode !== 'random') return [...(node.branches ?? []).map((one) => ({ id: one.id, label: one.id })), { id: 'else', label: 'else' }]
  if (node.kind === 'split') return (node.arms ?? []).map((one) => ({ id: one.id, label: `${one.id} · ${one.weight ?? 0}` }))
  if (node.kind === 'wait' && (node.mode === 'event' || node.mode === 'message')) return [{ id: 'then', label: 'then' }, { id: 'timeout', label: 'timeout' }]
  return [{ id: 'next' }]
}

const listOf = (node: GraphNode): 'branches' | 'arms' => (node.mode === 'random' ? 'arms' : 'branches')

export function targetOf(node: GraphNode, port: string): string | null | undefined {
  if (port === 'timeout') return node.timeout_next
  if (port === 'next' || port === 'then' || port === 'else') return node[port]
  return node[listOf(node)]?.find((one) => one.id === port)?.next
}

export function pointTo(node: GraphNode, port: string, to: string | null): GraphNode {
  if (port === 'timeout') return { ...node, timeout_next: to }
  if (port === 'next' || port === 'then' || port === 'else') return { ...node, [port]: to }
  const list = listOf(node)
  return { ...node, [list]: (node[list] ?? []).map((one: Branch) => (one.id === port ? { ...one, next: to } : one)) }
}

export function connect(graph: Graph, from: string, port: string, to: string | null): Graph {
  if (from === ENTRY) return { ...graph, start: to }
  const node = graph.nodes[from]
  return node ? { ...graph, nodes: { ...graph.nodes, [from]: pointTo(node, port, to) } } : graph
}

export function patch(graph: Graph, id: string, change: Partial<GraphNode>): Graph {
  const node = graph.nodes[id]
  if (!node) return graph
  const next: GraphNode = { ...node, ...change }
  for (const name of Object.keys(change)) if (change[name] === undefined) delete next[name]
  return { ...graph, nodes: { ...graph.nodes, [id]: next } }
}

/** A node with what its kind needs at the least. */
export function fresh(kind: NodeKind): GraphNode {
  const more: Record<NodeKind, Partial<GraphNode>> = {
    wait: { mode: 'duration', for: '1d' },
    split: { mode: 'random', arms: [{ id: 'A', weight: 50, next: null }, { id: 'B', weight: 50, next: null }] },
    send: { channel: 'wecom', content_id: '' },
    task: { channel: 'task', content_id: '' },
    invite: { channel: 'wecom', content_id: '', invite: 'join' },
    tag: { put: [] },
    update: { attribute: '', value: '' },
    coupon: { coupon: '' },
    points: { points: 100 },
    webhook: { url: '' },
    goal: {},
    exit: {},
  }
  return { kind, ...more[kind], ...(kind === 'exit' || kind === 'split' ? {} : { next: null }) }
}

/** What is left of a node when it becomes a wait or a split of another sort: where it stands, its name and its first way. */
export function remade(node: GraphNode, mode: string): GraphNode {
  const way = ports(node).map((port) => targetOf(node, port.id)).find(Boolean) ?? null
  const kept = { kind: node.kind, name: node.name, at: node.at, mode }
  if (node.kind === 'split') {
    if (mode === 'fate') return { ...kept, message: '', branches: [{ id: 'read', fate: 'read', next: way }], else: null }
    return mode === 'first' ? { ...kept, branches: [{ id: 'yes', if: { all: [] }, next: way }], else: null } : { ...kept, arms: [{ id: 'A', weight: 50, next: way }, { id: 'B', weight: 50, next: null }] }
  }
  const settings: Record<string, Partial<GraphNode>> = {
    duration: { for: '1d', next: way },
    time: { clock: '10:00', next: way },
    event: { event: 'Order Completed', timeout: '7d', then: way, timeout_next: null },
    message: { message: '', fates: ['read', 'replied'], timeout: '1d', then: way, timeout_next: null },
    date: { attribute: 'birthday', past: 'exit', next: way },
  }
  return { ...kept, ...settings[mode] }
}

export function nameFor(graph: Graph): string {
  let place = Object.keys(graph.nodes).length + 1
  while (graph.nodes[`n${place}`]) place += 1
  return `n${place}`
}

/** A new node behind another one (by its first free way), or alone; gives the graph and its name. */
export function added(graph: Graph, kind: NodeKind, after?: string): [Graph, string] {
  const id = nameFor(graph)
  const before = after ? graph.nodes[after] : undefined
  const placed = positions(graph)
  const base = after ? placed[after] : undefined
  const lowest = Math.max(0, ...Object.values(placed).map((at) => at[1]))
  const node: GraphNode = { ...fresh(kind), at: base ? [base[0], base[1] + GAP] : [0, lowest + GAP] }
  let next: Graph = { ...graph, nodes: { ...graph.nodes, [id]: node } }
  if (after === ENTRY || (!graph.start && Object.keys(graph.nodes).length === 0)) return [{ ...next, start: id }, id]
  if (before && after) {
    const free = ports(before).find((port) => !targetOf(before, port.id)) ?? ports(before)[0]
    if (free) {
      const behind = targetOf(before, free.id)
      next = connect(next, after, free.id, id)
      const first = ports(node)[0]
      if (behind && first) next = connect(next, id, first.id, behind)
    }
  }
  return [next, id]
}

/** Without a node: whoever led to it leads to where its first way led. */
export function removed(graph: Graph, id: string): Graph {
  const node = graph.nodes[id]
  if (!node) return graph
  const way = ports(node).map((port) => targetOf(node, port.id)).find((to) => to && to !== id) ?? null
  const nodes: Graph['nodes'] = {}
  for (const [name, one] of Object.entries(graph.nodes)) {
    if (name === id) continue
    nodes[name] = ports(one).reduce((kept, port) => (targetOf(kept, port.id) === id ? pointTo(kept, port.id, way) : kept), one)
  }
  return { ...graph, nodes, start: graph.start === id ? way : graph.start }
}

/** Where each node stands: as it was put, else one below the other in the order of the ways. */
export function positions(graph: Graph): Record<string, [number, number]> {
  const found: Record<string, [number, number]> = { [ENTRY]: [0, 0] }
  const level: Record<string, number> = {}
  const walk = (id: string | null | undefined, depth: number) => {
    const node = id ? graph.nodes[id] : undefined
    if (!id || !node || level[id] !== undefined) return
    level[id] = depth
    ports(node).forEach((port) => walk(targetOf(node, port.id), depth + 1))
  }
  walk(graph.start, 1)
  const wide: Record<number, number> = {}
  for (const [id, node] of Object.entries(graph.nodes)) {
    const depth = level[id] ?? 1
    const beside = wide[depth] ?? 0
    wide[depth] = beside + 1
    found[id] = node.at ?? [beside * 280, depth * GAP]
  }
  return found
}

/** How many are at each node, and how many went along each way, of all versions together. */
export function figures(standing: Standing | undefined): { here: Record<string, number>; passed: Record<string, number> } {
  const here: Record<string, number> = {}
  const passed: Record<string, number> = {}
  for (const one of standing?.here ?? []) here[one.node] = (here[one.node] ?? 0) + one.members
  for (const flow of standing?.flows ?? []) {
    const edge = `${flow.from_node || ENTRY}>${flow.to_node}`
    passed[edge] = (passed[edge] ?? 0) + flow.times
  }
  return { here, passed }
}

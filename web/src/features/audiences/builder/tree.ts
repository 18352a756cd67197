/**
 * An audience definition as a tree that can be edited: pure, every change gives a new tree.
 * Nodes keep their keys through every change, so that rows on the screen, their counts and the cursor stay where they are.
 */
import { isComplete, type Leaf } from './leaf'

export type Definition = Record<string, unknown>
export type BranchKind = 'all' | 'any' | 'not'
/** `isNew` is a group that was added and waits for its first condition. */
export type Branch = { key: string; kind: BranchKind; nodes: Node[]; isNew?: true }
export type LeafNode = { key: string; kind: 'leaf'; leaf: Leaf }
export type Node = Branch | LeafNode

// The limits of the language: more is refused by the server.
export const DEPTH_MAX = 12
export const LEAVES_MAX = 200

let made = 0
/** A key that no other node has. */
export const freshKey = () => `n${(made += 1)}`

export const isBranch = (node: Node): node is Branch => node.kind !== 'leaf'
export const leafNode = (leaf: Leaf): LeafNode => ({ key: freshKey(), kind: 'leaf', leaf })
export const branch = (kind: BranchKind, nodes: Node[]): Branch => ({ key: freshKey(), kind, nodes })

/** The tree of a definition; where `before` says the same at the same place, its keys are kept. */
export function read(definition: Definition, before?: Node): Node {
  const kind = branchKindOf(definition)
  const key = before && before.kind === (kind ?? 'leaf') ? before.key : freshKey()
  if (!kind) return { key, kind: 'leaf', leaf: definition }
  const parts = (kind === 'not' ? [definition.not] : definition[kind]) as Definition[]
  const old = before && isBranch(before) ? before.nodes : []
  return { key, kind, nodes: parts.map((part, index) => read(part, old[index])) }
}

function branchKindOf(definition: Definition): BranchKind | undefined {
  if (Array.isArray(definition.all)) return 'all'
  if (Array.isArray(definition.any)) return 'any'
  return typeof definition.not === 'object' && definition.not !== null ? 'not' : undefined
}

/** The definition of a tree. */
export function write(node: Node): Definition {
  if (node.kind === 'leaf') return node.leaf
  return node.kind === 'not' ? { not: node.nodes[0] ? write(node.nodes[0]) : { any: [] } } : { [node.kind]: node.nodes.map(write) }
}

/** Every node with its path (`$.all[1].not`), parents before children. */
export function* walk(node: Node, path = '$', depth = 0): Generator<{ node: Node; path: string; depth: number }> {
  yield { node, path, depth }
  if (!isBranch(node)) return
  for (const [index, child] of node.nodes.entries()) yield* walk(child, childPath(node, path, index), depth + 1)
}

const childPath = (node: Branch, path: string, index: number) => (node.kind === 'not' ? `${path}.not` : `${path}.${node.kind}[${index}]`)

/** The paths of all nodes by key. */
export const pathsOf = (node: Node): Map<string, string> => new Map([...walk(node)].map((each) => [each.node.key, each.path]))

/** The innermost node that a path lies in, and what is left of the path within it (`where[0].gte`). */
export function at(root: Node, path: string): { node: Node; rest: string } {
  let found = { node: root, path: '$' }
  for (const each of walk(root)) {
    const isWithin = path === each.path || (path.startsWith(each.path) && /[.[]/.test(path[each.path.length] ?? ''))
    if (isWithin && each.path.length >= found.path.length) found = each
  }
  return { node: found.node, rest: path.slice(found.path.length).replace(/^\./, '') }
}

export function find(root: Node, key: string): Node | undefined {
  for (const { node } of walk(root)) if (node.key === key) return node
  return undefined
}

export function parentOf(root: Node, key: string): Branch | undefined {
  for (const { node } of walk(root)) if (isBranch(node) && node.nodes.some((child) => child.key === key)) return node
  return undefined
}

/** The tree with one node changed; `undefined` takes it away, and an exclusion of nothing with it. */
export function change(node: Node, key: string, how: (node: Node) => Node | undefined): Node | undefined {
  if (node.key === key) return how(node)
  if (!isBranch(node)) return node
  const nodes = node.nodes.map((child) => change(child, key, how)).filter((child) => child !== undefined)
  if (nodes.length === node.nodes.length && nodes.every((child, index) => child === node.nodes[index])) return node
  return node.kind === 'not' && nodes.length === 0 ? undefined : { ...node, nodes }
}

const orEverybody = (node: Node | undefined): Node => node ?? branch('all', [])

export const setLeaf = (root: Node, key: string, leaf: Leaf): Node => orEverybody(change(root, key, (node) => ({ key: node.key, kind: 'leaf', leaf })))
export const remove = (root: Node, key: string): Node => orEverybody(change(root, key, () => undefined))

/** Turns "all" into "any" and back. */
export const setKind = (root: Node, key: string, kind: 'all' | 'any'): Node =>
  orEverybody(change(root, key, (node) => (isBranch(node) && node.kind !== 'not' ? { ...node, kind } : node)))

/** A new node into a group, at the end unless a place is named; a leaf or an exclusion becomes a group first. */
export function add(root: Node, parentKey: string, added: Node, index?: number): Node {
  const into = (node: Node): Node => {
    if (!isBranch(node) || node.kind === 'not') return branch('all', [node, added])
    const place = index ?? node.nodes.length
    return { ...node, nodes: [...node.nodes.slice(0, place), added, ...node.nodes.slice(place)] }
  }
  return orEverybody(change(root, parentKey, into))
}

/** Puts a node into a group of its own. */
export const wrap = (root: Node, key: string, kind: 'all' | 'any'): Node => orEverybody(change(root, key, (node) => branch(kind, [node])))

/** The members of a group in its place; an exclusion gives what it excluded. */
export function unwrap(root: Node, key: string): Node {
  const group = find(root, key)
  if (!group || !isBranch(group)) return root
  const parent = parentOf(root, key)
  if (group.nodes.length === 1) return orEverybody(change(root, key, () => group.nodes[0]))
  if (!parent || parent.kind === 'not') return root
  const nodes = parent.nodes.flatMap((child) => (child.key === key ? group.nodes : [child]))
  return orEverybody(change(root, parent.key, () => ({ ...parent, nodes })))
}

/** Excludes what was included; what was excluded is included again. */
export function negate(root: Node, key: string): Node {
  const parent = parentOf(root, key)
  if (parent?.kind === 'not') return unwrap(root, parent.key)
  return orEverybody(change(root, key, (node) => (node.kind === 'not' ? node.nodes[0] : branch('not', [node]))))
}

/** The same once more, right below. */
export function duplicate(root: Node, key: string): Node {
  const outer = outermost(root, key)
  const [node, parent] = [find(root, outer), parentOf(root, outer)]
  if (!node || !parent) return node ? branch('all', [node, fresh(node)]) : root
  return add(root, parent.key, fresh(node), parent.nodes.findIndex((child) => child.key === outer) + 1)
}

const fresh = (node: Node): Node => (isBranch(node) ? { ...node, key: freshKey(), nodes: node.nodes.map(fresh) } : { ...node, key: freshKey() })

/** The key of a node with the exclusions around it: they move, double and go together. */
export function outermost(root: Node, key: string): string {
  const parent = parentOf(root, key)
  return parent?.kind === 'not' ? outermost(root, parent.key) : key
}

/** Moves a node into a group at a place counted before the move. What would end inside itself stays. */
export function move(root: Node, key: string, into: string, index: number): Node {
  const outer = outermost(root, key)
  const [node, from, target] = [find(root, outer), parentOf(root, outer), find(root, into)]
  if (!node || !from || !target || !isBranch(target) || target.kind === 'not' || find(node, into)) return root
  const was = from.nodes.findIndex((child) => child.key === outer)
  const place = from.key === into && was < index ? index - 1 : index
  return add(remove(root, outer), into, node, place)
}

/** Moves a node up or down: past a condition, into a group that it meets, out of its group at the edge. */
export function shift(root: Node, key: string, by: -1 | 1): Node {
  const outer = outermost(root, key)
  const parent = parentOf(root, outer)
  if (!parent) return root
  const place = parent.nodes.findIndex((child) => child.key === outer)
  const next = parent.nodes[place + by]
  if (next && isBranch(next) && next.kind !== 'not') return move(root, outer, next.key, by > 0 ? 0 : next.nodes.length)
  if (next) return move(root, outer, parent.key, by > 0 ? place + 2 : place - 1)
  const outside = outermost(root, parent.key)
  const above = parentOf(root, outside)
  if (!above) return root
  return move(root, outer, above.key, above.nodes.findIndex((child) => child.key === outside) + (by > 0 ? 1 : 0))
}

/** The tree without rows that are still being filled in: this much can be counted. Keys stay. */
export function complete(node: Node): Node | undefined {
  if (node.kind === 'leaf') return isComplete(node.leaf) ? node : undefined
  const nodes = node.nodes.map(complete).filter((child) => child !== undefined)
  if (node.kind === 'not') return nodes.length ? { ...node, nodes } : undefined
  // A group of which nothing is filled in yet says nothing; one that is meant to be empty stays.
  return nodes.length || (node.nodes.length === 0 && !node.isNew) ? { ...node, nodes } : undefined
}

export type Hint = { key: string; code: 'unfilled' | 'empty_any' | 'too_deep' | 'too_many' }

/** What the server would refuse or what is likely a slip, by node. */
export function hints(root: Node): Hint[] {
  const found: Hint[] = []
  let leaves = 0
  for (const { node, depth } of walk(root)) {
    if (!isBranch(node)) {
      leaves += 1
      if (!isComplete(node.leaf)) found.push({ key: node.key, code: 'unfilled' })
    } else {
      if (depth >= DEPTH_MAX) found.push({ key: node.key, code: 'too_deep' })
      if (node.nodes.length === 0 && node.isNew) found.push({ key: node.key, code: 'unfilled' })
      else if (node.kind === 'any' && node.nodes.length === 0) found.push({ key: node.key, code: 'empty_any' })
    }
  }
  if (leaves > LEAVES_MAX) found.push({ key: root.key, code: 'too_many' })
  return found
}

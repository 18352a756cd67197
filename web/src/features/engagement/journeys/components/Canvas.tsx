import '@xyflow/react/dist/style.css'

import { Background, Controls, MarkerType, ReactFlow, type Connection, type Edge, type Node, type NodeChange } from '@xyflow/react'
import { useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'

import { useFormat } from '@/lib/session'

import { connect, ENTRY, figures, patch, ports, positions, removed, targetOf } from '../model'
import type { Fault, Graph, Standing } from '../types'
import styles from './journeys.module.css'
import { NodeCard, type CardData } from './NodeCard'

type Props = {
  graph: Graph
  onChange?: (graph: Graph) => void
  chosen?: string
  onChoose: (id: string | undefined) => void
  faults?: Fault[]
  standing?: Standing
}

const CARD_WIDTH = 232
const types = { card: NodeCard }

/** The journey drawn: nodes to move and connect, with how many stand at each and how many went along each way. */
export function Canvas({ graph, onChange, chosen, onChoose, faults, standing }: Props) {
  const { t } = useTranslation('journeys')
  const { count } = useFormat()
  const holder = useRef<HTMLDivElement>(null)
  const nodes = useMemo(() => cards(graph, chosen, faults, standing), [graph, chosen, faults, standing])
  const edges = useMemo(() => ways(graph, standing, (port) => (port === 'next' ? '' : t(`port.${port}`, port)), count), [graph, standing, t, count])
  const change = (changes: NodeChange[]) => {
    if (!onChange) return
    let next = graph
    for (const one of changes) {
      if (one.type === 'position' && one.position && one.id !== ENTRY) next = patch(next, one.id, { at: [Math.round(one.position.x), Math.round(one.position.y)] })
      if (one.type === 'remove' && one.id !== ENTRY) next = removed(next, one.id)
    }
    if (next !== graph) onChange(next)
  }
  return (
    <div ref={holder} className={styles.canvas} data-testid="journey-canvas">
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={types}
        onNodesChange={change}
        onConnect={(made: Connection) => onChange?.(connect(graph, made.source, made.sourceHandle ?? 'next', made.target))}
        onEdgesDelete={(gone) => onChange?.(gone.reduce((kept, edge) => connect(kept, edge.source, edge.sourceHandle ?? 'next', null), graph))}
        onNodeClick={(_, node) => onChoose(node.id)}
        onPaneClick={() => onChoose(undefined)}
        nodesDraggable={Boolean(onChange)}
        nodesConnectable={Boolean(onChange)}
        deleteKeyCode={onChange ? ['Delete', 'Backspace'] : null}
        onInit={(flow) => void flow.setViewport(beginning(flow.getViewport().x, holder.current?.clientWidth))}
        minZoom={0.2}
        proOptions={{ hideAttribution: true }}
        aria-label={t('canvas')}
      >
        <Background gap={20} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  )
}

/** The entry at the top in the middle, at a size that can be read: a long journey is read downwards. */
function beginning(x: number, width: number | undefined) {
  const zoom = width && width < 500 ? 0.75 : 0.9
  return { x: width ? (width - CARD_WIDTH * zoom) / 2 : x, y: 20, zoom }
}

function cards(graph: Graph, chosen: string | undefined, faults: Fault[] | undefined, standing: Standing | undefined): Node<CardData>[] {
  const at = positions(graph)
  const { here } = figures(standing)
  const wrong = (id: string) => faults?.some((fault) => !fault.is_warning && (fault.path.startsWith(`nodes.${id}.`) || fault.path === `nodes.${id}`)) ?? false
  const placed = (id: string) => ({ x: at[id]?.[0] ?? 0, y: at[id]?.[1] ?? 0 })
  const entry: Node<CardData> = {
    id: ENTRY, type: 'card', position: placed(ENTRY), draggable: false, deletable: false, selected: chosen === ENTRY,
    data: { entry: graph.entry, ports: [{ id: 'next' }], isWrong: faults?.some((fault) => fault.path.startsWith('entry') || fault.path === 'start') ?? false },
  }
  return [entry, ...Object.entries(graph.nodes).map(([id, node]): Node<CardData> => ({
    id, type: 'card', position: placed(id), selected: chosen === id,
    data: { node, ports: ports(node), isWrong: wrong(id), here: standing ? (here[id] ?? 0) : undefined },
  }))]
}

function ways(graph: Graph, standing: Standing | undefined, name: (port: string) => string, count: (value: number) => string): Edge[] {
  const { passed } = figures(standing)
  const edge = (from: string, port: string, to: string): Edge => {
    const went = standing && passed[`${from}>${to}`]
    const label = [name(port), went === undefined ? '' : count(went)].filter(Boolean).join(' · ')
    return { id: `${from}.${port}`, source: from, sourceHandle: port, target: to, label: label || undefined, type: 'smoothstep', markerEnd: { type: MarkerType.ArrowClosed } }
  }
  const found: Edge[] = graph.start ? [edge(ENTRY, 'next', graph.start)] : []
  for (const [id, node] of Object.entries(graph.nodes)) {
    for (const port of ports(node)) {
      const to = targetOf(node, port.id)
      if (to && graph.nodes[to]) found.push(edge(id, port.id, to))
    }
  }
  return found
}

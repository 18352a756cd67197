import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Form, Input, InputNumber, Segmented, Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { ProblemList } from './ProblemList'
import { BranchesForm } from './BranchesForm'
import { MessageForm } from './MessageForm'
import { SendForm } from './SendForm'
import { WaitForm } from './WaitForm'
import { Panel } from '@/design/Panel'
import { TagPicker } from '@/features/tags/pickers/TagPicker'

import { added, kinds, patch, remade, removed, sending } from '../model'
import type { Fault, Graph, GraphNode, NodeKind } from '../types'
import { useSaying } from '../words'

type Props = { graph: Graph; id: string; onChange?: (graph: Graph) => void; onChoose: (id: string | undefined) => void; faults?: Fault[] }

/** The settings of one node. */
export function Inspector({ graph, id, onChange, onChoose, faults }: Props) {
  const { t } = useTranslation('journeys')
  const say = useSaying()
  const node = graph.nodes[id]
  if (!node) return null
  const change = (values: Partial<GraphNode>) => onChange?.(patch(graph, id, values))
  const mine = faults?.filter((fault) => fault.path === `nodes.${id}` || fault.path.startsWith(`nodes.${id}.`))
  return (
    <Panel title={t(`kind.${node.kind}`)} data-testid="journey-inspector"
      extra={onChange && <Button danger type="text" icon={<DeleteOutlined />} onClick={() => { onChange(removed(graph, id)); onChoose(undefined) }}>{t('removeNode')}</Button>}>
      <ProblemList faults={mine} />
      <Form layout="vertical" disabled={!onChange} key={id}>
        <Form.Item label={t('nodeName')}><Input value={node.name} maxLength={60} placeholder={say.node(node)} onChange={(event) => change({ name: event.target.value })} /></Form.Item>
        {(node.kind === 'wait' || node.kind === 'split') && (
          <Form.Item label={t('way')}>
            <Segmented block vertical={node.kind === 'wait'} value={node.mode} options={(node.kind === 'wait' ? ['duration', 'time', 'event', 'message', 'date'] : ['first', 'random', 'fate']).map((mode) => ({ value: mode, label: t(`mode.${mode}`) }))}
              onChange={(mode) => onChange?.({ ...graph, nodes: { ...graph.nodes, [id]: remade(node, String(mode)) } })} />
          </Form.Item>
        )}
        <Settings graph={graph} node={node} change={change} />
        {onChange && node.kind !== 'exit' && <NextNode onAdd={(kind) => { const [next, made] = added(graph, kind, id); onChange(next); onChoose(made) }} />}
      </Form>
    </Panel>
  )
}

/** Adds a node behind this one: the way by keyboard and on a phone, where nothing can be dragged. */
export function NextNode({ onAdd }: { onAdd: (kind: NodeKind) => void }) {
  const { t } = useTranslation('journeys')
  return (
    <Form.Item label={t('addNext')}>
      <Select<NodeKind> value={null} placeholder={t('addNextHint')} suffixIcon={<PlusOutlined />} onChange={onAdd} aria-label={t('addNext')} options={kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))} />
    </Form.Item>
  )
}

function Settings({ graph, node, change }: { graph: Graph; node: GraphNode; change: (values: Partial<GraphNode>) => void }) {
  const { t } = useTranslation('journeys')
  if (node.mode === 'message' || node.mode === 'fate') return <MessageForm graph={graph} node={node} change={change} />
  if (node.kind === 'wait') return <WaitForm node={node} change={change} />
  if (node.kind === 'split') return <BranchesForm node={node} change={change} />
  if (sending.has(node.kind)) return <SendForm node={node} change={change} />
  switch (node.kind) {
    case 'tag':
      return (
        <>
          <Form.Item label={t('field.put')}><TagPicker adds value={node.put as string[]} onChange={(put) => change({ put })} /></Form.Item>
          <Form.Item label={t('field.lift')}><TagPicker value={node.lift as string[] | undefined} onChange={(lift) => change({ lift })} /></Form.Item>
        </>
      )
    case 'update':
      return (
        <>
          <Form.Item label={t('field.attribute')} required><Input value={String(node.attribute ?? '')} onChange={(event) => change({ attribute: event.target.value })} /></Form.Item>
          <Form.Item label={t('field.value')}><Input value={String(node.value ?? '')} onChange={(event) => change({ value: event.target.value })} /></Form.Item>
        </>
      )
    case 'coupon':
      return <Form.Item label={t('field.coupon')} required extra={t('promised')}><Input value={String(node.coupon ?? '')} onChange={(event) => change({ coupon: event.target.value })} /></Form.Item>
    case 'points':
      return <Form.Item label={t('field.points')} required extra={t('promised')}><InputNumber min={1} max={1_000_000} value={Number(node.points)} onChange={(points) => change({ points: points ?? 1 })} /></Form.Item>
    case 'webhook':
      return <Form.Item label={t('field.url')} required extra={t('webhookHint')}><Input value={String(node.url ?? '')} placeholder="https://" onChange={(event) => change({ url: event.target.value })} /></Form.Item>
    case 'exit':
      return <Form.Item label={t('field.reason')}><Input value={String(node.reason ?? '')} maxLength={60} onChange={(event) => change({ reason: event.target.value || undefined })} /></Form.Item>
    default:
      return <p className="soft">{t('goalHint')}</p>
  }
}

import { Form, Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { fates, sending } from '../model'
import type { Branch, Graph, GraphNode } from '../types'
import { LengthInput } from './LengthInput'

type Props = { graph: Graph; node: GraphNode; change: (values: Partial<GraphNode>) => void }

/** Which earlier message is asked about, and how far it has to come: a wait goes on by any of them, a split parts by the first. */
export function MessageForm({ graph, node, change }: Props) {
  const { t } = useTranslation('journeys')
  const isWait = node.kind === 'wait'
  const chosen = isWait ? ((node.fates as string[] | undefined) ?? []) : (node.branches ?? []).map((one) => String(one.fate))
  const messages = Object.entries(graph.nodes).filter(([, one]) => sending.has(one.kind)).map(([id, one]) => ({ value: id, label: one.name || `${t(`kind.${one.kind}`)} ${id}` }))
  const branch = (fate: string): Branch => node.branches?.find((one) => one.fate === fate) ?? { id: fate, fate, next: null }
  const choose = (next: string[]) => change(isWait ? { fates: next } : { branches: next.map(branch) })
  return (
    <>
      <Form.Item label={t('field.message')} required><Select value={String(node.message ?? '') || undefined} options={messages} placeholder={t('messageHint')} onChange={(message: string) => change({ message })} aria-label={t('field.message')} /></Form.Item>
      <Form.Item label={t('field.fates')} required extra={t(isWait ? 'fatesHint' : 'fateBranchesHint')}>
        <Select mode="multiple" value={chosen} onChange={choose} options={fates.map((fate) => ({ value: fate, label: t(`came.${fate}`) }))} aria-label={t('field.fates')} />
      </Form.Item>
      {isWait && <Form.Item label={t('field.timeout')} extra={t('timeoutHint')}><LengthInput label={t('field.timeout')} value={String(node.timeout)} onChange={(timeout) => change({ timeout })} /></Form.Item>}
    </>
  )
}

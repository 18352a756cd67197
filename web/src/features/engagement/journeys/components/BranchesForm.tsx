import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Card, Form, Input, InputNumber, Space } from 'antd'
import { useTranslation } from 'react-i18next'

import { ConditionField } from '@/features/audiences/pickers/ConditionField'

import type { Branch, GraphNode } from '../types'

type Props = { node: GraphNode; change: (values: Partial<GraphNode>) => void }
// The engine's own limit (rules/journeys/nodes.py).
const MOST = 20

/** By which conditions, or in which proportion, a set is parted. */
export function BranchesForm({ node, change }: Props) {
  const { t } = useTranslation('journeys')
  const list = node.mode === 'first' ? 'branches' : 'arms'
  const found = node[list] ?? []
  const put = (place: number, values: Partial<Branch>) => change({ [list]: found.map((one, at) => (at === place ? { ...one, ...values } : one)) })
  const more = () => {
    const id = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'].find((name) => !found.some((one) => one.id === name)) ?? `x${found.length + 1}`
    change({ [list]: [...found, node.mode === 'first' ? { id, if: { all: [] }, next: null } : { id, weight: 10, next: null }] })
  }
  const name = (one: Branch, place: number) => (
    <Input value={one.id} maxLength={40} aria-label={t('field.branch')} status={/^[A-Za-z0-9_-]+$/.test(one.id) && one.id !== 'else' ? undefined : 'error'} onChange={(event) => put(place, { id: event.target.value })} style={{ width: 110 }} />
  )
  const drop = (place: number) => found.length > 1 && <Button type="text" icon={<DeleteOutlined />} aria-label={t('removeBranch')} onClick={() => change({ [list]: found.filter((_, at) => at !== place) })} />
  return (
    <Form.Item label={t(node.mode === 'first' ? 'field.branches' : 'field.arms')} extra={t(node.mode === 'first' ? 'branchesHint' : 'armsHint')}>
      <Space orientation="vertical" style={{ width: '100%' }}>
        {node.mode === 'first'
          ? found.map((one, place) => (
              <Card key={place} size="small" title={name(one, place)} extra={drop(place)}>
                <ConditionField label={t('field.condition')} value={one.if as never} onChange={(definition) => put(place, { if: definition as Record<string, unknown> })} />
              </Card>
            ))
          : found.map((one, place) => (
              <Space key={place}>
                {name(one, place)}
                <InputNumber min={0} max={10_000} precision={0} value={one.weight} aria-label={t('field.weight')} onChange={(weight) => put(place, { weight: weight ?? 0 })} />
                {drop(place)}
              </Space>
            ))}
        {found.length < MOST && <Button icon={<PlusOutlined />} onClick={more}>{t('addBranch')}</Button>}
      </Space>
    </Form.Item>
  )
}

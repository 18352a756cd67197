import {
  ApiOutlined, BranchesOutlined, CheckCircleOutlined, ClockCircleOutlined, EditOutlined, FlagOutlined, GiftOutlined, LoginOutlined, LogoutOutlined, SendOutlined, SolutionOutlined, StarOutlined,
  TagOutlined, UsergroupAddOutlined,
} from '@ant-design/icons'
import { Handle, Position, type Node, type NodeProps } from '@xyflow/react'
import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'

import { MaterialName } from '@/features/content/pickers/MaterialName'
import { useFormat } from '@/lib/session'

import type { Port } from '../model'
import type { EntryRule, GraphNode, NodeKind } from '../types'
import { useSaying } from '../words'
import styles from './journeys.module.css'

export type CardData = { node?: GraphNode; entry?: EntryRule; ports: Port[]; isWrong: boolean; here?: number }

const icons: Record<NodeKind, ComponentType> = {
  wait: ClockCircleOutlined, split: BranchesOutlined, send: SendOutlined, task: SolutionOutlined, invite: UsergroupAddOutlined, tag: TagOutlined,
  update: EditOutlined, coupon: GiftOutlined, points: StarOutlined, webhook: ApiOutlined, goal: FlagOutlined, exit: LogoutOutlined,
}

/** One node of the canvas: what it does in a few words, and how many stand there. */
export function NodeCard({ data, selected }: NodeProps<Node<CardData>>) {
  const { t } = useTranslation('journeys')
  const { count } = useFormat()
  const say = useSaying()
  const { node, entry, isWrong, here } = data
  const Icon = node ? icons[node.kind] : LoginOutlined
  const title = node ? node.name || t(`kind.${node.kind}`) : t('entry.title')
  const classes = [styles.card, selected && styles.chosen, isWrong && styles.wrong, !node && styles.entry].filter(Boolean).join(' ')
  return (
    <div className={classes} data-kind={node?.kind ?? 'entry'}>
      {node && <Handle type="target" position={Position.Top} />}
      <div className={styles.cardTop}>
        <Icon />
        <strong>{title}</strong>
        {here !== undefined && <span className={styles.here} title={t('hereHint')}>{count(here)}</span>}
      </div>
      <div className={styles.cardText}>{node ? say.node(node) : entry && say.entry(entry)}{typeof node?.content_id === 'string' && node.content_id && <MaterialName id={node.content_id} except={node.name} />}</div>
      {node?.kind === 'exit' && <CheckCircleOutlined className={styles.end} />}
      {data.ports.map((port, place) => (
        <Handle key={port.id} id={port.id} type="source" position={Position.Bottom} style={{ left: `${((place + 1) * 100) / (data.ports.length + 1)}%` }} title={port.label} />
      ))}
    </div>
  )
}

import { ArrowDownOutlined, ArrowUpOutlined, CopyOutlined, DeleteOutlined, GroupOutlined, MinusCircleOutlined, MoreOutlined, UngroupOutlined } from '@ant-design/icons'
import { Button, Dropdown, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'

import { useBuilding } from './context'
import { duplicate, isBranch, negate, outermost, parentOf, remove, shift, unwrap, wrap, type Node } from './tree'

/** What can be done with a row or a group as a whole. */
export function RowMenu({ node, excluded }: { node: Node; excluded: boolean }) {
  const { t } = useTranslation('audiences')
  const { root, set } = useBuilding()
  const outer = outermost(root, node.key)
  const isRoot = parentOf(root, outer) === undefined
  const verbs: Record<string, () => Node> = {
    up: () => shift(root, node.key, -1),
    down: () => shift(root, node.key, 1),
    duplicate: () => duplicate(root, node.key),
    all: () => wrap(root, outer, 'all'),
    any: () => wrap(root, outer, 'any'),
    unwrap: () => unwrap(root, node.key),
  }
  const items = [
    ...(isRoot ? [] : [
      { key: 'up', icon: <ArrowUpOutlined />, label: t('verbs.up'), extra: 'Alt ↑' },
      { key: 'down', icon: <ArrowDownOutlined />, label: t('verbs.down'), extra: 'Alt ↓' },
      { key: 'duplicate', icon: <CopyOutlined />, label: t('verbs.duplicate') },
      { type: 'divider' as const },
    ]),
    { key: 'any', icon: <GroupOutlined />, label: t('verbs.any') },
    { key: 'all', icon: <GroupOutlined />, label: t('verbs.all') },
    ...(isBranch(node) && !isRoot && !excluded ? [{ key: 'unwrap', icon: <UngroupOutlined />, label: t('verbs.unwrap') }] : []),
  ]
  const word = t(excluded ? 'verbs.include' : 'verbs.exclude')
  return (
    <span className="row" style={{ gap: 0, flexWrap: 'nowrap' }}>
      <Tooltip title={word}>
        <Button type="text" size="small" icon={<MinusCircleOutlined />} aria-label={word} aria-pressed={excluded} danger={excluded} onClick={() => set(negate(root, node.key))} />
      </Tooltip>
      <Dropdown trigger={['click']} menu={{ items, onClick: ({ key }) => set(verbs[key]?.() ?? root) }}>
        <Button type="text" size="small" icon={<MoreOutlined />} aria-label={t('verbs.more')} />
      </Dropdown>
      {!isRoot && <Tooltip title={t('delete')}><Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t('delete')} onClick={() => set(remove(root, outer))} /></Tooltip>}
    </span>
  )
}

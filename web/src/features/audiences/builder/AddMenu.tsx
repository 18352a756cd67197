import { FolderAddOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'

import { useBuilding } from './context'
import { blank, shelves } from './palette'
import { add, branch, leafNode, type Branch } from './tree'

/** Adds a condition, chosen as operators think of them, or a group. */
export function AddMenu({ group }: { group: Branch }) {
  const { t } = useTranslation('audiences')
  const { root, set } = useBuilding()
  const items = shelves.map((shelf) => ({
    key: shelf.name,
    type: 'group' as const,
    label: t(`shelves.${shelf.name}`),
    children: shelf.entries.map((entry) => ({ key: entry.name, label: t(`palette.${entry.name}`) })),
  }))
  const salt = () => `s${Date.now().toString(36)}`
  const other = group.kind === 'any' ? 'all' : 'any'
  return (
    <div className="row" style={{ gap: 4 }}>
      <Dropdown trigger={['click']} menu={{ items, style: { maxHeight: 420, overflow: 'auto' }, onClick: ({ key }) => set(add(root, group.key, leafNode(blank(key, salt())))) }}>
        <Button size="small" icon={<PlusOutlined />}>{t('builder.add')}</Button>
      </Dropdown>
      <Button size="small" type="text" icon={<FolderAddOutlined />} onClick={() => set(add(root, group.key, { ...branch(other, []), isNew: true }))}>{t('builder.addGroup')}</Button>
    </div>
  )
}

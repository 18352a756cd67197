import { TreeSelect } from 'antd'
import { useTranslation } from 'react-i18next'

import { useBuilding } from '../context'
import type { LeafProps } from './types'

const GROUP = 'group:'

/** A tag, or any tag of a group. */
export function TagLeaf({ leaf, onChange }: LeafProps) {
  const { t } = useTranslation('audiences')
  const { vocabulary } = useBuilding()
  const groups = [...new Set(vocabulary.tags.map((tag) => tag.group))]
  const value = 'tag_group' in leaf ? `${GROUP}${String(leaf.tag_group)}` : String(leaf.tag ?? '')
  const data = groups.map((group) => ({
    value: `${GROUP}${group}`,
    title: t('builder.anyOfGroup', { group }),
    children: vocabulary.tags.filter((tag) => tag.group === group).map((tag) => ({ value: `${group}/${tag.name}`, title: `${group} / ${tag.name}` })),
  }))
  return (
    <TreeSelect
      aria-label={t('leaves.tag')}
      value={value || undefined}
      treeData={data}
      treeDefaultExpandAll={vocabulary.tags.length <= 40}
      showSearch={{ treeNodeFilterProp: 'title' }}
      placeholder={t('builder.chooseTag')}
      popupMatchSelectWidth={300}
      onChange={(next: string) => onChange(next.startsWith(GROUP) ? { tag_group: next.slice(GROUP.length), any: true } : { tag: next })}
      notFoundContent={t('builder.noTags')}
      style={{ width: 260, maxWidth: '100%' }}
    />
  )
}

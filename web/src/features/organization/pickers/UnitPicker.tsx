import { TreeSelect } from 'antd'
import { useTranslation } from 'react-i18next'

import { useTree } from '../queries'
import { choices } from '../tree'

type Props = { value?: string; onChange?: (value: string | undefined) => void; without?: string; allowClear?: boolean; id?: string; placeholder?: string }

/** One unit of the organisation. */
export function UnitPicker({ value, onChange, without, allowClear, id, placeholder }: Props) {
  const { t } = useTranslation('organization')
  const tree = useTree()
  return (
    <TreeSelect
      id={id}
      value={value}
      onChange={onChange}
      allowClear={allowClear}
      showSearch={{ treeNodeFilterProp: 'title' }}
      treeData={choices(tree.data ?? [], without)}
      treeDefaultExpandedKeys={tree.data?.map((node) => node.id)}
      loading={tree.isPending}
      placeholder={placeholder ?? t('picker.one')}
      aria-label={id ? undefined : placeholder ?? t('picker.one')}
      popupMatchSelectWidth={320}
      style={{ minWidth: 160 }}
    />
  )
}

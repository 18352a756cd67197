import { TreeSelect } from 'antd'
import { useTranslation } from 'react-i18next'

import { useTree } from '../queries'
import { choices } from '../tree'

type Props = { value?: string[]; onChange?: (value: string[]) => void; id?: string }

/** Several units; choosing one means everything below it. */
export function UnitsPicker({ value, onChange, id }: Props) {
  const { t } = useTranslation('organization')
  const tree = useTree()
  return (
    <TreeSelect
      id={id}
      value={value}
      onChange={onChange}
      multiple
      treeCheckable
      showCheckedStrategy={TreeSelect.SHOW_PARENT}
      showSearch={{ treeNodeFilterProp: 'title' }}
      allowClear
      treeData={choices(tree.data ?? [])}
      treeDefaultExpandedKeys={tree.data?.map((node) => node.id)}
      loading={tree.isPending}
      placeholder={t('picker.many')}
      style={{ width: '100%' }}
    />
  )
}

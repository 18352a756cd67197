import { Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { pathOf } from '../model'
import { useTags } from '../queries'

type Props = { value?: string[]; onChange?: (paths: string[]) => void; id?: string; without?: string[]; adds?: boolean }

/** Tags as "group/tag"; with `adds` a new one may be typed. */
export function TagPicker({ value, onChange, id, without = [], adds }: Props) {
  const { t } = useTranslation('tags')
  const groups = useTags()
  const options = groups.data?.map((group) => ({
    label: group.name,
    options: group.tags
      .filter((tag) => tag.state === 'active' && !without.includes(tag.id))
      .map((tag) => ({ value: pathOf({ group: group.name, name: tag.name }), label: tag.name, title: pathOf({ group: group.name, name: tag.name }) })),
  }))
  return (
    <Select
      id={id}
      mode={adds ? 'tags' : 'multiple'}
      value={value}
      onChange={onChange}
      options={options}
      loading={groups.isPending}
      showSearch={{ optionFilterProp: 'title' }}
      optionLabelProp="title"
      placeholder={t(adds ? 'picker.orNew' : 'picker.many')}
      aria-label={id ? undefined : t('picker.many')}
      style={{ width: '100%' }}
    />
  )
}

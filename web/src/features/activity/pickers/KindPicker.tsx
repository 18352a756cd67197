import { Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { named } from '@/lib/words'

import { useCatalogue } from '../queries'

/** One kind of event. */
export function KindPicker({ value, onChange }: { value?: string; onChange: (kind: string | undefined) => void }) {
  const { t } = useTranslation('activity')
  const { t: people } = useTranslation('people')
  const catalogue = useCatalogue()
  const names = [...new Set(catalogue.data?.rows.map((each) => each.kind))]
  return (
    <Select allowClear showSearch={{ optionFilterProp: 'search' }} value={value} onChange={onChange} loading={catalogue.isPending} placeholder={t('catalogue.allKinds')} aria-label={t('catalogue.allKinds')}
      style={{ minWidth: 200 }} options={names.map((name) => ({ value: name, label: named(people, 'events', name), search: `${named(people, 'events', name)} ${name}` }))}
      optionRender={({ value: name, label }) => <span>{label} {label !== name && <small className="faint">{name}</small>}</span>} />
  )
}

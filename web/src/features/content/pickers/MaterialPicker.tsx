import { Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { useMaterial, useMaterials } from '../queries'
import type { MaterialKind, Shelf } from '../types'

type Props = { value?: string; onChange?: (id: string | undefined) => void; id?: string; shelf?: Shelf; kind?: MaterialKind; disabled?: boolean; width?: number | string }

/** One material that may be sent, found by name or words; it looks the same wherever content is chosen. */
export function MaterialPicker({ value, onChange, id, shelf, kind, disabled, width = '100%' }: Props) {
  const { t } = useTranslation('content')
  const [words, setWords] = useState('')
  const found = useMaterials({ shelf, kind, state: 'approved', q: useDeferredValue(words.trim()) || undefined })
  const chosen = useMaterial(value)
  const listed = found.rows ?? []
  const known = chosen.data && !listed.some((one) => one.id === value) && !words ? [chosen.data.material] : []
  return (
    <Select
      id={id}
      value={value || undefined}
      onChange={onChange}
      disabled={disabled}
      allowClear
      showSearch={{ filterOption: false, onSearch: setWords }}
      loading={found.isFetching}
      aria-label={id ? undefined : t('picker.choose')}
      placeholder={t('picker.choose')}
      notFoundContent={found.isPending ? undefined : <span>{words ? t('noMatch') : t('picker.none')} <Link to="/materials/new">{t('picker.make')}</Link></span>}
      options={[...known, ...listed].map((one) => ({ value: one.id, label: one.name, kind: one.kind, note: one.excerpt }))}
      optionRender={({ data }) => <span>{data.label} <small className="soft">{t(`kinds.${data.kind}`)} · {data.note}</small></span>}
      style={{ width }}
    />
  )
}

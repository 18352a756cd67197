import { Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { useFormat } from '@/lib/session'

import { useAudience, useAudiences } from '../queries'

type Props = { value?: string; onChange?: (id: string | undefined) => void; id?: string; width?: number | string }

/** One audience, found by name, with how many are in it. */
export function OneAudience({ value, onChange, id, width = '100%' }: Props) {
  const { t } = useTranslation('audiences')
  const { count } = useFormat()
  const [words, setWords] = useState('')
  const found = useAudiences(useDeferredValue(words.trim()) || undefined)
  const chosen = useAudience(value || undefined)
  const listed = found.rows ?? []
  const known = chosen.data && !words && !listed.some((one) => one.id === value) ? [chosen.data] : []
  return (
    <Select id={id} allowClear value={value || undefined} onChange={onChange} loading={found.isPending} style={{ width }}
      showSearch={{ filterOption: false, onSearch: setWords }} placeholder={t('picker.choose')} aria-label={id ? undefined : t('picker.choose')}
      notFoundContent={found.isPending ? undefined : <Link to="/audiences/new">{t('picker.make')}</Link>}
      options={[...known, ...listed].map((one) => ({ value: one.id, label: `${one.name} · ${count(one.count)}` }))} />
  )
}

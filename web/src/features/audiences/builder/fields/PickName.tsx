import { Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import styles from '../builder.module.css'

export type NameOption = { value: string; label: string; note?: string }

type Props = {
  value: string
  onChange: (value: string) => void
  options: NameOption[]
  label: string
  /** A name that was never seen may be typed too; the server warns of it. */
  adds?: boolean
  width?: number
}

/** One name out of many, found by its word or by the name itself. */
export function PickName({ value, onChange, options, label, adds, width = 156 }: Props) {
  const { t } = useTranslation('audiences')
  const [typed, setTyped] = useState('')
  const text = typed.trim()
  const extra = [value, adds ? text : ''].filter((name) => name && !options.some((option) => option.value === name))
  const all = [...options, ...[...new Set(extra)].map((name): NameOption => ({ value: name, label: name, note: t('builder.unseen') }))]
  return (
    <Select
      className={styles.pick}
      value={value || undefined}
      onChange={(chosen: string) => onChange(chosen)}
      showSearch={{
        filterOption: (words, option) => `${option?.label} ${option?.value}`.toLowerCase().includes(words.trim().toLowerCase()),
        onSearch: setTyped,
      }}
      options={all}
      optionRender={(option) => (
        <span className={styles.option}>
          <span>{option.data.label}</span>
          <small>{[option.data.value !== option.data.label && option.data.value, option.data.note].filter(Boolean).join(' · ')}</small>
        </span>
      )}
      placeholder={label}
      aria-label={label}
      popupMatchSelectWidth={300}
      style={{ width }}
    />
  )
}

import { FilterOutlined } from '@ant-design/icons'
import { Badge, Button } from 'antd'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import styles from './FilterBar.module.css'
import { useIsPhone } from './media'

type Props = { search?: ReactNode; children?: ReactNode; active: number; onClear: () => void; trailing?: ReactNode }

/** Filters above a list. On a phone only the search shows; the rest opens behind a button that counts what is set. */
export function FilterBar({ search, children, active, onClear, trailing }: Props) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const [open, setOpen] = useState(false)
  return (
    <div className={styles.bar} role="search">
      {search && <div className={styles.search}>{search}</div>}
      {isPhone && children && (
        <Badge count={active} size="small">
          <Button icon={<FilterOutlined />} aria-expanded={open} onClick={() => setOpen(!open)}>{t('filters')}</Button>
        </Badge>
      )}
      {(!isPhone || open) && children}
      {active > 0 && <Button type="link" size="small" onClick={onClear}>{t('clearFilters')}</Button>}
      {trailing && <div className={styles.trailing}>{trailing}</div>}
    </div>
  )
}

import { Tooltip } from 'antd'
import type { ReactNode } from 'react'

import styles from './Stat.module.css'

type Props = { label: string; value: ReactNode; note?: ReactNode; definition?: string }

/** One number with its name; its definition shows on hover and on keyboard focus. */
export function Stat({ label, value, note, definition }: Props) {
  return (
    <div className={styles.stat}>
      <div className={styles.label}>
        {definition ? (
          <Tooltip title={definition} trigger={['hover', 'focus']}>
            <span tabIndex={0} className={styles.defined}>{label}</span>
          </Tooltip>
        ) : label}
      </div>
      <div className={styles.value}>{value}</div>
      {note && <div className={styles.note}>{note}</div>}
    </div>
  )
}

/** A row of numbers that wraps, two abreast on a phone. */
export function Stats({ children, columns }: { children: ReactNode; columns?: 4 | 5 }) {
  return <div className={styles.row} data-columns={columns}>{children}</div>
}

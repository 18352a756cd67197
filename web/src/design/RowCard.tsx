import type { ReactNode } from 'react'

import styles from './RowCard.module.css'

type Props = { title: ReactNode; side?: ReactNode; lines?: ReactNode[] }

/** One row of a list on a phone: a title, a number at the right, and small lines below. */
export function RowCard({ title, side, lines = [] }: Props) {
  return (
    <div className={styles.card}>
      <div className={styles.top}>
        <div className={styles.title}>{title}</div>
        {side && <div className={styles.side}>{side}</div>}
      </div>
      {lines.filter(Boolean).map((line, index) => <div key={index} className={styles.line}>{line}</div>)}
    </div>
  )
}

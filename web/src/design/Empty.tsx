import type { ReactNode } from 'react'

import styles from './Empty.module.css'
import { Logo } from './Logo'

type Props = { title: ReactNode; hint?: ReactNode; action?: ReactNode; small?: boolean }

/** Nothing here yet: what to do first, and the button that does it. */
export function Empty({ title, hint, action, small }: Props) {
  return (
    <div className={small ? styles.small : styles.empty}>
      {!small && <Logo size={40} />}
      <div className={styles.title}>{title}</div>
      {hint && <div className={styles.hint}>{hint}</div>}
      {action && <div className={styles.action}>{action}</div>}
    </div>
  )
}

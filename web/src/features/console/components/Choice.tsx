import type { ReactNode } from 'react'

import styles from './Choice.module.css'

/** One of the ways to begin. */
export function Choice({ icon, title, text, children }: { icon: ReactNode; title: string; text: string; children: ReactNode }) {
  return (
    <section className={styles.choice}>
      <div className={styles.icon}>{icon}</div>
      <h2 className={styles.title}>{title}</h2>
      <p className={styles.text}>{text}</p>
      {children}
    </section>
  )
}

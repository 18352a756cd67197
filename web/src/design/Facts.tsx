import type { ReactNode } from 'react'

import styles from './Facts.module.css'

export type Fact = { label: ReactNode; value: ReactNode } | false | null | undefined

/** Names and values side by side. */
export function Facts({ facts, columns = 1 }: { facts: Fact[]; columns?: 1 | 2 | 3 }) {
  return (
    <dl className={styles.facts} data-columns={columns}>
      {facts.map((fact, index) =>
        fact ? (
          <div key={index} className={styles.fact}>
            <dt>{fact.label}</dt>
            <dd>{fact.value ?? '–'}</dd>
          </div>
        ) : null,
      )}
    </dl>
  )
}

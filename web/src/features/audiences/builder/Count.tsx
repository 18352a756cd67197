import { useTranslation } from 'react-i18next'

import { useFormat } from '@/lib/session'

import styles from './builder.module.css'
import { useBuilding } from './context'

/** How many members a node holds for; the answer before stays, paler, until the next one. */
export function Count({ of, excludes }: { of: string; excludes?: string }) {
  const { t } = useTranslation('audiences')
  const { counts, isAsking } = useBuilding()
  const { count } = useFormat()
  const held = counts.get(of)
  const rest = excludes === undefined ? undefined : counts.get(excludes)
  return (
    <span className={styles.count} data-asking={isAsking} data-testid="node-count">
      {held === undefined ? '–' : t(excludes === undefined ? 'count' : 'countExcluded', { count: held, shown: count(held) })}
      {rest !== undefined && <small>{t('countRest', { shown: count(rest) })}</small>}
    </span>
  )
}

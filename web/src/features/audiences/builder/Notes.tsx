import { useTranslation } from 'react-i18next'

import { bilingual } from '@/lib/text'

import styles from './builder.module.css'
import { useBuilding } from './context'

/** What is wrong with a row, or may be a slip, right below it. */
export function Notes({ of }: { of: string }) {
  const { i18n } = useTranslation('audiences')
  const { faults, warnings } = useBuilding()
  return (
    <>
      {faults.get(of)?.map((fault) => <div key={fault.path + fault.code} role="alert" className={styles.fault}>{bilingual(fault, i18n.language)}</div>)}
      {warnings.get(of)?.map((warning) => <div key={warning.path + warning.zh} className={styles.warning}>{bilingual(warning, i18n.language)}</div>)}
    </>
  )
}

import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'

import type { Fault } from '../types'

/** What keeps a graph, or a part of it, from running. */
export function ProblemList({ faults }: { faults?: Fault[] }) {
  const { i18n } = useTranslation()
  if (!faults?.length) return null
  const isEnglish = i18n.language === 'en'
  return (
    <Alert type={faults.some((fault) => !fault.is_warning) ? 'error' : 'warning'} showIcon style={{ marginBottom: 12 }}
      title={<ul style={{ margin: 0, paddingInlineStart: 16 }}>{faults.map((fault) => <li key={`${fault.path}.${fault.code}`}>{isEnglish ? fault.en : fault.zh}</li>)}</ul>} />
  )
}

import { Table } from 'antd'
import { useTranslation } from 'react-i18next'

import { useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'

import type { Reason } from '../types'

/** Why rows are refused, the most frequent first. */
export function ReasonTable({ reasons }: { reasons: Reason[] }) {
  const { t, i18n } = useTranslation('imports')
  const { count } = useFormat()
  if (reasons.length === 0) return null
  return (
    <Table<Reason>
      size="small"
      rowKey="code"
      pagination={false}
      scroll={{ x: 'max-content' }}
      dataSource={reasons}
      columns={[
        { title: t('reasons.why'), render: (_, reason) => <>{bilingual(reason, i18n.language)}<div className="mono faint">{reason.code}</div></> },
        { title: t('reasons.rows'), align: 'right', render: (_, reason) => <span className="num">{count(reason.rows)}</span> },
      ]}
    />
  )
}

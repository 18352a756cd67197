import { Table } from 'antd'
import { useTranslation } from 'react-i18next'

import { useFormat } from '@/lib/session'
import { named } from '@/lib/words'

import type { MoneyCheck } from '../types'

/** Sums of the file's amounts: what is kept and what is refused, to be held against the source. */
export function MoneyTable({ rows }: { rows: MoneyCheck[] }) {
  const { t } = useTranslation('imports')
  const { money } = useFormat()
  if (rows.length === 0) return null
  const amount = (minor: number, row: MoneyCheck) => <span className="num">{money(minor, row.currency)}</span>
  return (
    <Table<MoneyCheck>
      size="small"
      rowKey="field"
      pagination={false}
      scroll={{ x: 'max-content' }}
      dataSource={rows}
      columns={[
        { title: t('money.field'), render: (_, row) => named(t, 'money.fields', row.field) },
        { title: t('money.kept'), align: 'right', render: (_, row) => amount(row.kept_minor, row) },
        { title: t('money.rejected'), align: 'right', render: (_, row) => amount(row.rejected_minor, row) },
        { title: t('money.file'), align: 'right', render: (_, row) => amount(row.kept_minor + row.rejected_minor, row) },
      ]}
    />
  )
}

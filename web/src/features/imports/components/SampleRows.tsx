import { Collapse, Table } from 'antd'
import { useTranslation } from 'react-i18next'

/** The first rows of the file as they stand. */
export function SampleRows({ columns, rows }: { columns: string[]; rows: string[][] }) {
  const { t } = useTranslation('imports')
  const table = (
    <Table<string[]>
      size="small"
      pagination={false}
      rowKey={(row) => row.join('\u0000')}
      scroll={{ x: 'max-content' }}
      dataSource={rows.slice(0, 8)}
      columns={columns.map((name, at) => ({ key: `${at}`, title: name, render: (_: unknown, row: string[]) => <span className="num">{row[at]}</span> }))}
    />
  )
  return <Collapse size="small" items={[{ key: 'rows', label: t('mapping.fileRows'), children: table }]} />
}

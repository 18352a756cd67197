import { Button, Table, type TableProps } from 'antd'
import type { KeyboardEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import styles from './DataTable.module.css'
import { useIsPhone } from './media'
import { ProblemNote } from './ProblemNote'

type Props<T> = {
  rows: T[] | undefined
  rowKey: (row: T) => string
  columns: TableProps<T>['columns']
  /** How a row looks on a phone. */
  card?: (row: T) => ReactNode
  onOpen?: (row: T) => void
  loading?: boolean
  problem?: unknown
  retry?: () => void
  empty: ReactNode
  more?: { has: boolean; loading: boolean; load: () => void }
  size?: 'small' | 'middle'
  label: string
  expand?: (row: T) => ReactNode
  minWidth?: number
  /** Rows that can be ticked for an action on all of them; only on a desk. */
  ticked?: { keys: string[]; onChange: (keys: string[]) => void; can?: (row: T) => boolean }
}

/** A list: a table on a desk, cards on a phone. Rows that open can be reached and opened with the keyboard. */
export function DataTable<T extends object>(props: Props<T>) {
  const { rows, rowKey, columns, card, onOpen, loading, problem, retry, empty, more, size = 'middle', label, expand, minWidth, ticked } = props
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  if (problem) return <div className={styles.edge}><ProblemNote problem={problem} retry={retry} /></div>
  if (rows && rows.length === 0 && !loading) return <>{empty}</>
  const opener = (row: T) =>
    onOpen && {
      tabIndex: 0,
      className: styles.opens,
      onClick: () => onOpen(row),
      onKeyDown: (event: KeyboardEvent) => {
        if (event.key === 'Enter' && event.target === event.currentTarget) onOpen(row)
      },
    }
  return (
    <>
      {isPhone && card ? (
        <ul className={styles.cards} aria-label={label} aria-busy={loading}>
          {rows?.map((row) => (
            <li key={rowKey(row)} {...opener(row)}>{card(row)}</li>
          ))}
          {!rows && <li className={styles.waiting}>{t('loading')}</li>}
        </ul>
      ) : (
        <Table<T>
          aria-label={label}
          rowKey={rowKey}
          columns={columns}
          dataSource={rows}
          loading={loading || !rows}
          pagination={false}
          size={size}
          scroll={{ x: minWidth ?? 'max-content' }}
          onRow={(row) => opener(row) ?? {}}
          rowSelection={ticked && {
            selectedRowKeys: ticked.keys,
            preserveSelectedRowKeys: true,
            onChange: (keys) => ticked.onChange(keys.map(String)),
            onCell: () => ({ onClick: (event) => event.stopPropagation() }),
            getCheckboxProps: (row) => ({ disabled: ticked.can ? !ticked.can(row) : false }),
          }}
          expandable={expand && { expandedRowRender: expand }}
        />
      )}
      {more?.has && (
        <div className={styles.more}>
          <Button onClick={more.load} loading={more.loading}>{t('loadMore')}</Button>
        </div>
      )}
    </>
  )
}

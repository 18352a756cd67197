import { QuestionCircleOutlined } from '@ant-design/icons'
import { Button, Popover, Segmented, Table, type TableProps } from 'antd'
import type { EChartsCoreOption } from 'echarts/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Chart } from './Chart'
import { Panel } from './Panel'

type Props<T> = {
  title: string
  definition: string
  option: EChartsCoreOption
  rows: T[]
  rowKey: keyof T & string
  columns: TableProps<T>['columns']
  height?: number
}

/** A chart with its table and its definition. */
export function ChartPanel<T extends object>({ title, definition, option, rows, rowKey, columns, height = 260 }: Props<T>) {
  const { t } = useTranslation()
  const [view, setView] = useState<'chart' | 'table'>('chart')
  const why = (
    <Popover content={<div style={{ maxWidth: 320 }}>{definition}</div>} trigger={['hover', 'focus', 'click']}>
      <Button type="text" size="small" icon={<QuestionCircleOutlined />} aria-label={t('definition')} />
    </Popover>
  )
  const choice = (
    <Segmented size="small" value={view} onChange={setView}
      options={[{ value: 'chart', label: t('chart') }, { value: 'table', label: t('table') }]} />
  )
  return (
    <Panel title={<>{title} {why}</>} extra={choice}>
      {view === 'chart' ? (
        <Chart option={option} height={height} label={title} />
      ) : (
        <Table<T> size="small" rowKey={rowKey} dataSource={rows} columns={columns} pagination={false} scroll={{ y: height - 40, x: 'max-content' }} aria-label={title} />
      )}
    </Panel>
  )
}

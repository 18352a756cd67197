import { DownloadOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'

import { saveFile } from '@/api/transfer'
import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { FilterBar } from '@/design/FilterBar'
import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { RangeFilter } from '@/design/RangeFilter'
import { RowCard } from '@/design/RowCard'
import { Stat, Stats } from '@/design/Stat'
import { useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { useReport } from '../queries'
import type { ReportRow } from '../types'

/** What each day brought each member of staff. */
export function Report() {
  const { t } = useTranslation('codes')
  const { count, now } = useFormat()
  const { refused } = useNotice()
  const [read, write] = useUrlState()
  const today = dayjs(now)
  const from = read('from') ?? today.subtract(6, 'day').format('YYYY-MM-DD')
  const to = read('to') ?? today.format('YYYY-MM-DD')
  const report = useReport(from, to)
  const rows = report.data?.rows
  const sum = (name: 'added' | 'newcomers' | 'lost' | 'deleted' | 'staying') => count(rows?.reduce((total, row) => total + row[name], 0))
  const file = `/api/acquisition/report.csv?from=${from}&to=${to}`
  const numbers = ['added', 'newcomers', 'came_back', 'lost', 'deleted', 'staying'] as const
  return (
    <>
      <PageHead title={t('report.title')} subtitle={t('report.subtitle')} actions={<Button icon={<DownloadOutlined />} onClick={() => saveFile(file, `acquisition-${from}-${to}.csv`).catch(refused)}>{t('report.export')}</Button>} />
      <div className="stack">
        <Stats columns={5}>
          <Stat label={t('report.added')} value={sum('added')} />
          <Stat label={t('report.newcomers')} value={sum('newcomers')} definition={t('report.newcomersHelp')} />
          <Stat label={t('report.lost')} value={sum('lost')} definition={t('report.lostHelp')} />
          <Stat label={t('report.deleted')} value={sum('deleted')} definition={t('report.deletedHelp')} />
          <Stat label={t('report.staying')} value={sum('staying')} definition={t('report.stayingHelp')} />
        </Stats>
        <Panel flush>
          <FilterBar active={read('from') || read('to') ? 1 : 0} onClear={() => write({ from: undefined, to: undefined })} trailing={t('report.scope')}>
            <RangeFilter label={t('range')} from={from} to={to} onChange={(first, last) => write({ from: first, to: last })}
              presets={[7, 30, 90].map((days) => ({ label: t('lastDays', { days }), value: [today.subtract(days - 1, 'day'), today] }))} />
          </FilterBar>
          <DataTable<ReportRow>
            label={t('report.title')}
            size="small"
            rows={rows}
            rowKey={(row) => `${row.day}${row.userid}`}
            problem={report.error}
            retry={() => void report.refetch()}
            empty={<Empty small title={t('report.empty')} hint={t('report.emptyHint')} />}
            columns={[
              { title: t('fields.day'), render: (_, row) => <span className="num">{row.day}</span> },
              { title: t('fields.staff'), render: (_, row) => row.staff_name },
              { title: t('fields.store'), render: (_, row) => row.unit_name || '–' },
              ...numbers.map((name) => ({ title: t(`report.${name}`), align: 'right' as const, render: (_: unknown, row: ReportRow) => <span className="num">{count(row[name])}</span> })),
            ]}
            card={(row) => <RowCard title={row.staff_name} side={`+${count(row.added)}`} lines={[`${row.day} · ${row.unit_name || '–'}`, t('report.line', { lost: row.lost, deleted: row.deleted, staying: row.staying })]} />}
          />
        </Panel>
      </div>
    </>
  )
}

import { Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Mark } from '@/design/Mark'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { useFormat } from '@/lib/session'

import { isShare, reach, rowsOf, verdictTones, type Row } from '../model'
import type { Report } from '../queries'
import { Interval } from './Interval'

/** Every outcome of each arm beside the control: what was measured, the lift, and the interval around it. */
export function Outcomes({ report }: { report: Report }) {
  const { t } = useTranslation('proof')
  const { money, share } = useFormat()
  const labels = report.arms.map((arm) => arm.label)
  const rows = rowsOf(report.outcomes, labels)
  const told = (row: Row, value: number | null | undefined) => (value === null || value === undefined ? '–' : isShare(row.outcome) ? share(value) : money(value, report.currency))
  const lifts = rows.flatMap((row) => (row.arm.lift ? [row.arm.lift] : []))
  const span = reach(lifts)
  const name = (row: Row) => `${t(`outcome.${row.outcome}`)}${row.label ? ` · ${row.label}` : ''}`
  const words = (row: Row) => (row.arm.lift ? t('within', { value: share(row.arm.lift.value), low: share(row.arm.lift.low), high: share(row.arm.lift.high) }) : '–')
  const apart = (row: Row) => (row.arm.difference ? t('within', { value: told(row, row.arm.difference.value), low: told(row, row.arm.difference.low), high: told(row, row.arm.difference.high) }) : '–')
  const state = (row: Row) => <Mark tone={verdictTones[row.arm.verdict]}>{t(`verdict.${row.arm.verdict}`)}</Mark>
  const wanted = (row: Row) => row.outcome !== 'unsubscribed' && row.outcome !== 'deleted'
  return (
    <Panel title={t('outcomes')} flush>
      <DataTable<Row> label={t('outcomes')} rows={rows} rowKey={(row) => row.key} size="small" minWidth={980}
        empty={<Empty small title={t('noOutcomes')} />}
        columns={[
          { title: t('what'), render: (_, row) => <strong>{name(row)}</strong> },
          { title: t('treated'), align: 'right', render: (_, row) => <span className="num">{told(row, row.arm.mean)}</span> },
          { title: t('control'), align: 'right', render: (_, row) => <span className="num">{told(row, row.control?.mean)}</span> },
          { title: t('difference'), align: 'right', render: (_, row) => <span className="num">{apart(row)}</span> },
          { title: t('lift'), align: 'right', render: (_, row) => row.arm.lift ? <span className="num">{words(row)}</span> : <Tooltip title={t('noLift')}><span className="faint">–</span></Tooltip> },
          { title: t('intervalOfLift'), width: 240, render: (_, row) => row.arm.lift && <Interval {...row.arm.lift} reach={span} label={`${name(row)} ${words(row)}`} wanted={wanted(row)} /> },
          { title: t('verdictTitle'), render: (_, row) => state(row) },
        ]}
        card={(row) => <RowCard title={name(row)} side={state(row)} lines={[`${t('treated')} ${told(row, row.arm.mean)} · ${t('control')} ${told(row, row.control?.mean)}`, row.arm.lift ? `${t('lift')} ${words(row)}` : `${t('difference')} ${apart(row)}`]} />} />
    </Panel>
  )
}

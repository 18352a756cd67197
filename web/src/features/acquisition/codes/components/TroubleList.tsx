import { Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'

import type { Trouble } from '../types'

/** Welcomes of the last week that failed, came too late, or of which nobody knows. */
export function TroubleList({ rows, problem }: { rows?: Trouble[]; problem: unknown }) {
  const { t, i18n } = useTranslation('codes')
  const { instant } = useFormat()
  const mark = (row: Trouble) => <Tag color={row.outcome === 'unknown' ? 'warning' : 'error'}>{t(`outcome.${row.outcome}`, { defaultValue: row.outcome })}</Tag>
  const seconds = (row: Trouble) => (row.latency_ms === null ? '–' : `${(row.latency_ms / 1000).toFixed(1)} s`)
  return (
    <Panel flush>
      <DataTable<Trouble>
        label={t('troubles.tab')}
        rows={rows}
        rowKey={(row) => `${row.at}${row.staff_name}${row.member_id}`}
        problem={problem}
        empty={<Empty small title={t('troubles.empty')} hint={t('troubles.emptyHint')} />}
        columns={[
          { title: t('losses.at'), render: (_, row) => <span className="num">{instant(row.at, 'second')}</span> },
          { title: t('troubles.outcome'), render: (_, row) => mark(row) },
          { title: t('losses.who'), render: (_, row) => (row.member_id ? <Link to={`/members/${row.member_id}`}>{row.member_name || t('losses.unnamed')}</Link> : '–') },
          { title: t('fields.staff'), dataIndex: 'staff_name' },
          { title: t('fields.code'), render: (_, row) => row.code_name || '–' },
          { title: t('troubles.latency'), align: 'right', render: (_, row) => <span className="num">{seconds(row)}</span> },
          { title: t('troubles.why'), render: (_, row) => <span style={{ whiteSpace: 'normal' }}>{bilingual(row, i18n.language)}</span> },
        ]}
        card={(row) => <RowCard title={mark(row)} side={seconds(row)} lines={[`${instant(row.at)} · ${row.staff_name}`, bilingual(row, i18n.language)]} />}
      />
    </Panel>
  )
}

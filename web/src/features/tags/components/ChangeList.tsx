import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Mark } from '@/design/Mark'
import { RowCard } from '@/design/RowCard'
import { useFormat } from '@/lib/session'

import { pathOf } from '../model'
import type { TagChangeRow } from '../types'
import { actor, origin } from '../words'

type Props = { rows: TagChangeRow[] | undefined; shows: 'member' | 'tag'; more?: { has: boolean; loading: boolean; load: () => void }; problem?: unknown }

/** Puttings and liftings, the newest first: what, why, by whom, and whether it ever counted. */
export function ChangeList({ rows, shows, more, problem }: Props) {
  const { t } = useTranslation('tags')
  const { instant } = useFormat()
  const never = (row: TagChangeRow) => row.ended_at !== null && row.ended_at < row.recorded_at
  const verb = (row: TagChangeRow) => (
    <span className="row" style={{ gap: 4 }}>
      <Mark tone={never(row) ? 'plain' : row.verb === 'put' ? 'good' : 'warn'}>{t(`verbs.${row.verb}`)}</Mark>
      {row.cause !== 'said' && <span className="faint">{t(`causes.${row.cause}`)}</span>}
      {never(row) && <span className="faint">{t('history.never')}</span>}
    </span>
  )
  const about = (row: TagChangeRow) =>
    shows === 'tag' ? pathOf(row) : <Link to={`/members/${row.member_id ?? row.member_no}`}>{row.member_name ?? `#${row.member_no}`}</Link>
  const reason = (row: TagChangeRow) => (row.cause === 'expired' ? '' : row.reason)
  return (
    <DataTable<TagChangeRow>
      size="small"
      label={t('tabs.history')}
      rows={rows}
      rowKey={(row) => String(row.id)}
      problem={problem}
      empty={<Empty small title={t('history.empty')} />}
      more={more}
      columns={[
        { title: t('history.at'), render: (_, row) => <span className="num">{instant(row.recorded_at)}</span> },
        { title: t(shows === 'tag' ? 'tag.title' : 'put.member'), render: (_, row) => about(row) },
        { title: t('history.verb'), render: (_, row) => verb(row) },
        { title: t('reason'), render: (_, row) => reason(row) || '–' },
        { title: t('source'), render: (_, row) => origin(t, row.source) },
        { title: t('actor'), render: (_, row) => actor(t, row.actor) },
      ]}
      card={(row) => <RowCard title={about(row)} side={verb(row)} lines={[`${instant(row.recorded_at)} · ${origin(t, row.source)} · ${actor(t, row.actor)}`, reason(row)]} />}
    />
  )
}

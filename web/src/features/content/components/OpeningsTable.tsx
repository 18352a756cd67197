import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Mark } from '@/design/Mark'
import { RowCard } from '@/design/RowCard'
import { useFormat } from '@/lib/session'

import { useRadar } from '../queries'
import type { Opening } from '../types'

/** Who opened what, newest first. */
export function OpeningsTable({ contentId, memberId }: { contentId?: string; memberId?: string }) {
  const { t } = useTranslation('content')
  const { ago, instant } = useFormat()
  const openings = useRadar({ content_id: contentId, member_id: memberId })
  const what = (row: Opening) => (row.kind === 'Article Read'
    ? <Mark tone="good">{t('radar.read', { seconds: row.seconds, percent: row.percent })}</Mark>
    : <Mark tone="busy">{t('radar.opened')}</Mark>)
  const member = (row: Opening) => <Link to={`/members/${row.member_id}`}>{row.member_name || t('radar.unnamed')}</Link>
  const from = (row: Opening) => (row.origin ? <span className="mono">{row.origin}</span> : '–')
  return (
    <DataTable<Opening>
      label={t('radar.title')}
      rows={openings.rows}
      rowKey={(row) => `${row.at}/${row.member_id}/${row.kind}/${row.url}`}
      problem={openings.error}
      retry={() => void openings.refetch()}
      empty={<Empty title={t('radar.empty')} hint={t('radar.emptyHint')} small={Boolean(contentId)} />}
      more={{ has: openings.hasNextPage, loading: openings.isFetchingNextPage, load: () => void openings.fetchNextPage() }}
      columns={[
        { title: t('radar.at'), width: 150, render: (_, row) => <span className="num" title={instant(row.at, 'second')}>{ago(row.at)}</span> },
        { title: t('radar.member'), width: 140, render: (_, row) => member(row) },
        { title: t('radar.what'), width: 180, render: (_, row) => what(row) },
        ...(contentId ? [] : [{ title: t('radar.content'), render: (_: unknown, row: Opening) => <Link to={`/materials/${row.content_id}`}>{row.content_name || row.content_id}</Link> }]),
        { title: t('radar.url'), render: (_, row) => (row.url.startsWith('http') ? <span className="mono" title={row.url}>{row.url.replace(/^https?:\/\//, '').slice(0, 48)}</span> : t('kinds.article')) },
        { title: t('radar.origin'), render: (_, row) => from(row) },
      ]}
      card={(row) => <RowCard title={member(row)} side={<span className="faint">{ago(row.at)}</span>} lines={[<span key="w" className="row">{what(row)} {row.content_name}</span>, row.url.startsWith('http') && row.url]} />}
    />
  )
}

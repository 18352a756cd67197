import { Progress } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { colours } from '@/design/tokens'
import { useFormat } from '@/lib/session'

import type { Overview, Source } from '../types'

/** Where customers came from and what they brought. */
export function SourcesPanel({ overview }: { overview: Overview }) {
  const { t } = useTranslation('analytics')
  const { count, money, share } = useFormat()
  const whole = overview.sources.reduce((sum, each) => sum + each.revenue_minor, 0)
  const part = (each: Source) => (whole > 0 ? each.revenue_minor / whole : 0)
  const name = (each: Source) => (each.source ? <Link to={`/members?source=${encodeURIComponent(each.source)}`}>{each.source}</Link> : t('noSource'))
  return (
    <Panel title={t('sources')} flush>
      <DataTable<Source>
        size="small"
        label={t('sources')}
        rows={overview.sources}
        rowKey={(each) => each.source}
        empty={<Empty small title={t('noSources')} />}
        columns={[
          { title: t('source'), render: (_, each) => name(each) },
          { title: t('members'), align: 'right', render: (_, each) => <span className="num">{count(each.members)}</span> },
          { title: t('buyers'), align: 'right', render: (_, each) => <span className="num">{count(each.buyers)}</span> },
          { title: t('conversion'), align: 'right', render: (_, each) => <span className="num">{share(each.members ? each.buyers / each.members : null)}</span> },
          { title: t('revenue'), align: 'right', render: (_, each) => <span className="num">{money(each.revenue_minor)}</span> },
          { title: t('revenueShare'), width: 220, render: (_, each) => <Progress percent={Math.round(part(each) * 1000) / 10} size="small" strokeColor={colours.spring} /> },
        ]}
        card={(each) => <RowCard title={name(each)} side={money(each.revenue_minor)} lines={[t('sourceCard', { members: count(each.members), buyers: count(each.buyers), share: share(part(each)) })]} />}
      />
    </Panel>
  )
}

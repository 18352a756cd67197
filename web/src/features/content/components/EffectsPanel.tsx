import { Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { Chart } from '@/design/Chart'
import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { rate } from '../model'
import { useAudienceChoice, useEffects, useRules, type EffectFilter } from '../queries'
import type { Effect } from '../types'

const bys: EffectFilter['by'][] = ['material', 'persona', 'topic', 'hour', 'audience']
const spans = [7, 30, 90] as const

/** What was opened and bought after content was given, by one key at a time. */
export function EffectsPanel() {
  const { t } = useTranslation('content')
  const { count, share, money } = useFormat()
  const [read, write] = useUrlState()
  const by = (bys.find((one) => one === read('by')) ?? 'material')
  const days = Number(read('days') ?? 30)
  const chosen = read('audiences')?.split(',').filter(Boolean) ?? []
  const rules = useRules()
  const audiences = useAudienceChoice(by === 'audience')
  const effects = useEffects({ by, since: sinceOf(days), audience_id: chosen.length ? chosen : undefined })
  const rows = effects.data?.rows ?? (by === 'audience' && chosen.length === 0 ? [] : undefined)
  const named = (row: Effect) => row.name || t('effects.nobody')
  return (
    <Panel flush title={t('effects.title')} extra={
      <span className="row">
        <Select aria-label={t('effects.by')} value={by} onChange={(value) => write({ by: value })} options={bys.map((value) => ({ value, label: t(`effects.bys.${value}`) }))} style={{ minWidth: 110 }} />
        {by === 'audience' && <Select mode="multiple" aria-label={t('effects.audiences')} placeholder={t('effects.audiences')} maxCount={8} maxTagCount="responsive" value={chosen} onChange={(ids: string[]) => write({ audiences: ids.join(',') })} options={audiences.data?.rows.map((one) => ({ value: one.id, label: one.name }))} style={{ minWidth: 220 }} />}
        <Select aria-label={t('effects.span')} value={days} onChange={(value) => write({ days: String(value) })} options={spans.map((value) => ({ value, label: t('effects.days', { count: value }) }))} />
      </span>
    }>
      <p className="soft" style={{ padding: '12px 24px 0', margin: 0 }}>{t('effects.what', { days: rules.data?.effect_days ?? 7 })}</p>
      {by === 'hour' && rows && rows.length > 0 && <div style={{ padding: '12px 24px 0' }}><Chart height={220} label={t('effects.bys.hour')} option={hours(rows, t('effects.openRate'))} /></div>}
      <DataTable<Effect>
        label={t('effects.title')}
        rows={rows}
        rowKey={(row) => row.key}
        problem={effects.error}
        empty={<Empty small title={t('effects.empty')} hint={t(by === 'audience' ? 'effects.chooseAudiences' : 'effects.emptyHint')} />}
        columns={[
          { title: t(`effects.bys.${by}`), render: (_, row) => <strong>{named(row)}</strong> },
          { title: t('effects.sends'), align: 'right', render: (_, row) => <span className="num">{count(row.sends)}</span> },
          { title: t('effects.members'), align: 'right', render: (_, row) => <span className="num">{count(row.members)}</span> },
          { title: t('effects.openers'), align: 'right', render: (_, row) => <span className="num">{count(row.openers)} <span className="faint">{share(rate(row.openers, row.members))}</span></span> },
          { title: t('effects.buyers'), align: 'right', render: (_, row) => <span className="num">{count(row.buyers)} <span className="faint">{share(rate(row.buyers, row.members))}</span></span> },
          { title: t('effects.revenue'), align: 'right', render: (_, row) => <span className="num">{money(row.revenue_minor)}</span> },
        ]}
        card={(row) => <RowCard title={named(row)} side={share(rate(row.openers, row.members))} lines={[t('effects.line', { members: count(row.members), openers: count(row.openers), buyers: count(row.buyers) }), money(row.revenue_minor)]} />}
      />
    </Panel>
  )
}

/** The start of a span, cut to the hour so that the question stays the same while the page is open. */
function sinceOf(days: number): string {
  const at = new Date(Date.now() - days * 86_400_000)
  at.setMinutes(0, 0, 0)
  return at.toISOString()
}

function hours(rows: Effect[], label: string) {
  return {
    xAxis: { type: 'category', data: rows.map((row) => row.name) },
    yAxis: { type: 'value', axisLabel: { formatter: (value: number) => `${Math.round(value * 100)}%` } },
    series: [{ name: label, type: 'bar', data: rows.map((row) => rate(row.openers, row.members) ?? 0) }],
  }
}

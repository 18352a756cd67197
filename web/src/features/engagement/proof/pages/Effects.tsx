import { Segmented, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Mark } from '@/design/Mark'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { Stat, Stats } from '@/design/Stat'
import { useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { Interval } from '../components/Interval'
import { reach, standing, standingTones } from '../model'
import { useLeague, type Of, type Place } from '../queries'

const SPANS = [30, 90, 180, 365]
const GROUPS: Of[] = ['experiment', 'guide', 'store']

/** The league of what works: what each campaign and journey brought, or each guide's and store's customers. */
export function Effects() {
  const { t } = useTranslation('proof')
  const { money, count } = useFormat()
  const go = useNavigate()
  const [read, write] = useUrlState()
  const of = GROUPS.find((one) => one === read('of')) ?? 'experiment'
  const days = Number(read('days') ?? 90)
  const league = useLeague(of, days)
  const rows = league.data?.rows
  const span = reach((rows ?? []).flatMap((one) => (one.per_unit_minor ? [one.per_unit_minor] : [])))
  const currency = league.data?.currency
  const words = (one: Place) => (one.incremental_minor === null ? '–' : t('within', { value: money(one.incremental_minor, currency), low: money(one.low_minor, currency), high: money(one.high_minor, currency) }))
  const state = (one: Place) => <Mark tone={standingTones[standing(one)]}>{t(`standing.${standing(one)}`)}</Mark>
  const each = (one: Place) => (one.per_unit_minor ? money(Math.round(one.per_unit_minor.value), currency) : '–')
  return (
    <>
      <PageHead title={t('effects')} subtitle={t('effectsSubtitle')} actions={
        <>
          <Segmented value={of} onChange={(value) => write({ of: value === 'experiment' ? undefined : value })} options={GROUPS.map((value) => ({ value, label: t(`of.${value}`) }))} />
          <Select value={days} onChange={(value) => write({ days: value === 90 ? undefined : String(value) })} options={SPANS.map((value) => ({ value, label: t('lastDays', { count: value }) }))} aria-label={t('span')} />
        </>
      } />
      <div className="stack">
        {of === 'experiment' && rows && rows.length > 0 && (
          <Stats>
            <Stat label={t('total')} value={money(league.data?.incremental_minor, currency)} definition={t('totalWhat')} />
            <Stat label={t('tried')} value={count(rows.length)} />
            <Stat label={t('findings')} value={count(rows.filter((one) => one.is_found).length)} definition={t('findingsWhat')} />
            <Stat label={t('blockedCount')} value={count(rows.filter((one) => one.is_blocked).length)} definition={t('blockedCountWhat')} />
          </Stats>
        )}
        <Panel flush>
          <DataTable<Place> label={t('effects')} rows={rows} rowKey={(one) => `${one.kind}${one.id}${one.name}`} loading={league.isPlaceholderData} problem={league.error} retry={() => void league.refetch()} minWidth={900}
            onOpen={of === 'experiment' ? (one) => void go(`/experiments/${one.experiment_id}`) : undefined}
            empty={<Empty title={t('noEffects')} hint={t('noEffectsHint')} />}
            columns={[
              { title: t('name'), render: (_, one) => <strong>{one.name}</strong> },
              ...(of === 'experiment' ? [{ title: t('about'), render: (_: unknown, one: Place) => t(`kind.${one.kind}`) }] : []),
              { title: t('treated'), align: 'right', render: (_, one) => <span className="num">{count(one.units)}</span> },
              { title: t('control'), align: 'right', render: (_, one) => <span className="num">{count(one.controls)}</span> },
              { title: t('perMember'), align: 'right', render: (_, one) => <span className="num">{each(one)}</span> },
              { title: t('intervalOfEach'), width: 240, render: (_, one) => one.per_unit_minor && <Interval {...one.per_unit_minor} reach={span} label={`${one.name} ${each(one)}`} /> },
              { title: t('incremental'), align: 'right', render: (_, one) => <span className="num">{words(one)}</span> },
              { title: t('verdictTitle'), render: (_, one) => state(one) },
            ]}
            card={(one) => <RowCard title={one.name} side={state(one)} lines={[`${t('incremental')} ${words(one)}`, `${t('treated')} ${count(one.units)} · ${t('control')} ${count(one.controls)}`]} />} />
        </Panel>
        <p className="faint">{t(of === 'experiment' ? 'leagueWhat' : 'groupsWhat')}</p>
      </div>
    </>
  )
}

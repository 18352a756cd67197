import { ExperimentOutlined } from '@ant-design/icons'
import { Alert, Button, DatePicker, Space } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { RowCard } from '@/design/RowCard'
import { Stat, Stats } from '@/design/Stat'
import { useFormat } from '@/lib/session'

import { graphOf } from '../model'
import { useDryRun } from '../queries'
import type { DryRun, Journey } from '../types'
import { useReason } from '../words'

type Send = DryRun['sends'][number]

/** The draft replayed over the past: who would have got what, what caps would have held back, what it would have cost. */
export function DryRunTab({ journey }: { journey: Journey }) {
  const { t } = useTranslation('journeys')
  const { now } = useFormat()
  const [span, setSpan] = useState<[Dayjs, Dayjs]>([dayjs(now).subtract(30, 'day').startOf('day'), dayjs(now)])
  const run = useDryRun()
  const start = () => run.mutate({ draft: graphOf(journey.draft), since: span[0].toISOString(), until: span[1].toISOString() })
  return (
    <>
      <Panel title={t('dry.title')}>
        <p className="soft" style={{ marginBottom: 12 }}>{t('dry.hint')}</p>
        <Space wrap>
          <DatePicker.RangePicker value={span} allowClear={false} maxDate={dayjs(now)} onChange={(next) => next?.[0] && next[1] && setSpan([next[0], next[1]])} aria-label={t('dry.span')} />
          <Button type="primary" icon={<ExperimentOutlined />} loading={run.isPending} onClick={start}>{t('dry.run')}</Button>
        </Space>
        <ProblemNote problem={run.error ?? undefined} />
      </Panel>
      {run.data && <Result run={run.data} />}
    </>
  )
}

function Result({ run }: { run: DryRun }) {
  const { t } = useTranslation('journeys')
  const { count, money, share, list } = useFormat()
  const reason = useReason()
  const sent = run.sends.reduce((sum, send) => sum + send.sent + send.held, 0)
  const capped = run.sends.reduce((sum, send) => sum + (send.dropped.capped ?? 0), 0)
  const lost = (send: Send) => list([...Object.entries(send.dropped).map(([why, times]) => `${reason(why)} ${count(times)}`), ...(send.unfilled ? [t('dry.unfilled', { total: count(send.unfilled) })] : [])]) || '–'
  return (
    <div data-testid="dry-run">
      <div style={{ marginTop: 16 }}>
        <Stats columns={5}>
          <Stat label={t('dry.entered')} value={count(run.entered)} note={run.held_out ? t('dry.heldOut', { total: count(run.held_out) }) : undefined} />
          <Stat label={t('dry.sent')} value={count(sent)} />
          <Stat label={t('dry.capped')} value={count(capped)} definition={t('dry.cappedHint')} />
          <Stat label={t('dry.converted')} value={count(run.converted)} note={run.entered ? share(run.converted / run.entered) : undefined} definition={t('dry.convertedHint')} />
          <Stat label={t('dry.cost')} value={money(run.cost_minor)} />
        </Stats>
      </div>
      <Panel flush title={t('dry.sends')} style={{ marginTop: 16 }}>
        <DataTable<Send> label={t('dry.sends')} rows={run.sends} rowKey={(send) => send.node} empty={<p className="soft" style={{ padding: 16 }}>{t('dry.none')}</p>}
          columns={[
            { title: t('message'), render: (_, send) => <><strong>{send.name || send.node}</strong>{send.sample && <div className="soft" style={{ whiteSpace: 'pre-line', maxWidth: 360 }}>{send.sample}</div>}</> },
            { title: t('field.channel'), render: (_, send) => t(`channel.${send.channel}`) },
            { title: t('dry.asked'), align: 'right', render: (_, send) => count(send.asked) },
            { title: t('dry.now'), align: 'right', render: (_, send) => <strong className="num">{count(send.sent)}</strong> },
            { title: t('dry.held'), align: 'right', render: (_, send) => count(send.held) },
            { title: t('dry.dropped'), render: (_, send) => <span className="soft">{lost(send)}</span> },
            { title: t('dry.cost'), align: 'right', render: (_, send) => money(send.cost_minor) },
          ]}
          card={(send) => <RowCard title={send.name || send.node} side={<strong className="num">{count(send.sent)}</strong>} lines={[`${t(`channel.${send.channel}`)} · ${t('dry.asked')} ${count(send.asked)} · ${t('dry.held')} ${count(send.held)}`, lost(send), send.sample]} />} />
      </Panel>
      <Panel flush title={t('dry.days')} style={{ marginTop: 16 }}>
        <DataTable<DryRun['by_day'][number]> label={t('dry.days')} size="small" rows={run.by_day} rowKey={(day) => day.day} empty={<p className="soft" style={{ padding: 16 }}>{t('dry.none')}</p>}
          columns={[{ title: t('dry.day'), dataIndex: 'day' }, { title: t('dry.entered'), align: 'right', render: (_, day) => count(day.entered) }, { title: t('dry.sent'), align: 'right', render: (_, day) => count(day.sent) }]} />
      </Panel>
      <Alert type="info" showIcon style={{ marginTop: 16 }} title={<ul style={{ margin: 0, paddingInlineStart: 16 }}>{run.notes.map((note) => <li key={note}>{t(`dry.note.${note}`)}</li>)}</ul>} />
    </div>
  )
}

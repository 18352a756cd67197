import { Alert, Button, Popconfirm, Progress, Table, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Facts } from '@/design/Facts'
import { useNotice } from '@/design/notice'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { RowCard } from '@/design/RowCard'
import { Secret } from '@/design/Secret'
import { Waiting } from '@/design/Waiting'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { rate } from '../../cards/model'
import { useAwards, useDraw, useEndDraw, useHandOver } from '../queries'
import type { Award, Batch, Draw, Prize } from '../types'
import { DrawForm } from './DrawForm'

/** The draw of a batch: a draft, what was published, or how it ended. */
export function DrawTab({ batch }: { batch: Batch }) {
  const { t } = useTranslation('items')
  const can = useCan()
  const [editing, setEditing] = useState(false)
  const draw = useDraw(batch.draw_id)
  const mayWrite = can(permissions.drawWrite)
  const known = draw.data
  if (draw.error) return <ProblemNote problem={draw.error} retry={() => void draw.refetch()} />
  if (batch.draw_id && !known) return <Waiting />
  if (editing) return <DrawForm batch={batch} draw={known} onClose={() => setEditing(false)} />
  if (!known) return <Panel><Empty title={t('draw.none')} hint={t('draw.noneHint')} action={mayWrite && <Button type="primary" onClick={() => setEditing(true)}>{t('draw.make')}</Button>} /></Panel>
  return (
    <div className="stack">
      {known.state === 'draft' && <Alert type="warning" showIcon title={t('draw.isDraft')} action={mayWrite && <Button size="small" type="primary" onClick={() => setEditing(true)}>{t('draw.goOn')}</Button>} />}
      <div className="two">
        <Standing draw={known} mayWrite={mayWrite} />
        <Fairness draw={known} />
      </div>
      <Prizes draw={known} />
      {known.state !== 'draft' && <Awards draw={known} mayWrite={mayWrite} />}
    </div>
  )
}

function Standing({ draw, mayWrite }: { draw: Draw; mayWrite: boolean }) {
  const { t } = useTranslation('items')
  const { count, money, instant, now } = useFormat()
  const { done, refused } = useNotice()
  const end = useEndDraw()
  const isOver = draw.state === 'published' && new Date(draw.ends_at).getTime() <= now
  return (
    <Panel title={<>{draw.name} <Tag color={{ draft: 'warning', published: 'success', ended: undefined }[draw.state]}>{t(`draw.states.${draw.state}`)}</Tag></>}
      extra={mayWrite && isOver && <Popconfirm title={t('draw.endSure')} onConfirm={() => end.mutate(draw.id, { onSuccess: () => done(t('draw.ended')), onError: refused })}><Button size="small" type="primary" loading={end.isPending}>{t('draw.end')}</Button></Popconfirm>}>
      <Facts facts={[
        { label: t('draw.span'), value: <span className="num">{instant(draw.starts_at)} – {instant(draw.ends_at)}</span> },
        { label: t('draw.ticketsDrawn'), value: <span className="num">{count(draw.drawn)} / {count(draw.tickets)}</span> },
        { label: t('draw.spent'), value: <span className="num">{money(draw.spent_minor)} / {money(draw.budget_minor)}</span> },
      ]} />
      <Progress percent={Math.round(1000 * (rate(draw.spent_minor, draw.budget_minor) ?? 0)) / 10} aria-label={t('draw.spent')} />
      {draw.rules && <p className="soft" style={{ whiteSpace: 'pre-wrap', marginTop: 12 }}>{draw.rules}</p>}
    </Panel>
  )
}

function Fairness({ draw }: { draw: Draw }) {
  const { t } = useTranslation('items')
  return (
    <Panel title={t('draw.fair')}>
      <p className="soft" style={{ marginBottom: 12 }}>{t('draw.fairWhat')}</p>
      <div className="faint">{t('draw.hash')}</div>
      <Secret text={draw.seed_hash} label={t('draw.hash')} />
      {draw.seed && <><div className="faint" style={{ marginTop: 12 }}>{t('draw.seed')}</div><Secret text={draw.seed} label={t('draw.seed')} /></>}
    </Panel>
  )
}

function Prizes({ draw }: { draw: Draw }) {
  const { t } = useTranslation('items')
  const { count, money, share } = useFormat()
  return (
    <Panel title={t('draw.prizes')} flush>
      <Table<Prize> size="small" rowKey="id" dataSource={draw.prizes} pagination={false} scroll={{ x: 'max-content' }} aria-label={t('draw.prizes')}
        columns={[
          { title: t('draw.prizeName'), render: (_, one) => <strong>{one.name}</strong> },
          { title: t('draw.kind'), render: (_, one) => t(`prizeKinds.${one.kind}`) },
          { title: t('draw.value'), align: 'right', render: (_, one) => <span className="num">{money(one.value_minor)}</span> },
          { title: t('draw.odds'), align: 'right', render: (_, one) => <span className="num">{count(one.count)} / {count(draw.tickets)} <span className="faint">{share(one.count / draw.tickets)}</span></span> },
          { title: t('draw.won'), align: 'right', render: (_, one) => <span className="num">{count(one.won)}</span> },
        ]} />
    </Panel>
  )
}

function Awards({ draw, mayWrite }: { draw: Draw; mayWrite: boolean }) {
  const { t } = useTranslation('items')
  const { money, instant } = useFormat()
  const { done, refused } = useNotice()
  const awards = useAwards(draw.id)
  const hand = useHandOver(draw.id)
  const handed = (row: Award) => row.handed_at
    ? <span className="faint num">{instant(row.handed_at)} {row.handed_by}</span>
    : mayWrite && <Button size="small" onClick={() => hand.mutate(row.ticket, { onSuccess: () => done(t('saved')), onError: refused })}>{t('draw.handOver')}</Button>
  return (
    <Panel title={t('draw.awards')} flush>
      <DataTable<Award> size="small" label={t('draw.awards')} rows={awards.rows} rowKey={(row) => row.code} problem={awards.error} retry={() => void awards.refetch()}
        empty={<Empty small title={t('draw.noAwards')} />}
        more={{ has: awards.hasNextPage, loading: awards.isFetchingNextPage, load: () => void awards.fetchNextPage() }}
        columns={[
          { title: t('code'), render: (_, row) => <span className="mono">{row.code}</span> },
          { title: t('draw.ticket'), align: 'right', render: (_, row) => <span className="num">{row.ticket + 1}</span> },
          { title: t('draw.prizeName'), render: (_, row) => <strong>{row.prize}</strong> },
          { title: t('draw.value'), align: 'right', render: (_, row) => <span className="num">{money(row.value_minor)}</span> },
          { title: t('draw.at'), render: (_, row) => <span className="num">{instant(row.drawn_at)}</span> },
          { title: t('draw.member'), render: (_, row) => (row.member_id ? <Link to={`/members/${row.member_id}`}>{t('draw.openMember')}</Link> : <span className="faint">–</span>) },
          { title: t('draw.handed'), render: (_, row) => handed(row) },
        ]}
        card={(row) => <RowCard title={row.prize} side={money(row.value_minor)} lines={[<span key="c" className="mono">{row.code}</span>, <span key="h" className="spread">{instant(row.drawn_at)}{handed(row)}</span>]} />} />
    </Panel>
  )
}

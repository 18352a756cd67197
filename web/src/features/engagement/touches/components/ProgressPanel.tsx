import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { useNotice } from '@/design/notice'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { RowCard } from '@/design/RowCard'
import { Stat, Stats } from '@/design/Stat'
import { colours } from '@/design/tokens'
import { Waiting } from '@/design/Waiting'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { arrived, onTheWay, sum, total } from '../model'
import { useDroppedAudience } from '../queries'
import type { Campaign, Progress } from '../types'
import { useReasonWords } from '../words'
import styles from './touches.module.css'

/** How far a campaign is, live. */
export function ProgressPanel({ campaign, progress, problem }: { campaign: Campaign; progress: Progress | undefined; problem: unknown }) {
  const { t } = useTranslation('touches')
  const { count, share, instant } = useFormat()
  if (!progress) return <Panel title={t('progress.title')}>{problem ? <ProblemNote problem={problem} /> : <Waiting />}</Panel>
  const made = progress.waiting + total(progress.by_fate) - (progress.by_fate.dropped ?? 0)
  const parts = [
    { name: 'arrived', members: sum(progress.by_fate, arrived), colour: colours.well },
    { name: 'onTheWay', members: sum(progress.by_fate, onTheWay), colour: colours.wellLine },
    { name: 'planned', members: progress.waiting, colour: colours.inkGhost },
    { name: 'lost', members: sum(progress.by_fate, ['failed', 'expired']), colour: colours.clay },
  ]
  return (
    <Panel title={t('progress.title')} extra={progress.next_release_at && <small className="soft num">{t('progress.next', { at: instant(progress.next_release_at) })}</small>} data-testid="progress">
      <Stats columns={4}>
        {parts.map((part) => <Stat key={part.name} label={t(`progress.${part.name}`)} value={count(part.members)} note={made > 0 ? share(part.members / made) : undefined} definition={t(`progress.what.${part.name}`)} />)}
      </Stats>
      <div className={styles.parts} role="img" aria-label={parts.map((part) => `${t(`progress.${part.name}`)} ${part.members}`).join(', ')} style={{ marginBlock: 12 }}>
        {parts.map((part) => <i key={part.name} style={{ inlineSize: `${(100 * part.members) / Math.max(1, made)}%`, background: part.colour }} />)}
      </div>
      <div className={styles.legend}>
        {Object.entries(progress.by_fate).map(([fate, members]) => <span key={fate} className="soft">{t(`fates.${fate}`)} <b className="num">{count(members)}</b></span>)}
      </div>
      <Reasons campaign={campaign} progress={progress} />
    </Panel>
  )
}

function Reasons({ campaign, progress }: { campaign: Campaign; progress: Progress }) {
  const { t } = useTranslation('touches')
  const { count } = useFormat()
  const { done, refused } = useNotice()
  const can = useCan()
  const make = useDroppedAudience(campaign.id)
  const words = useReasonWords()
  const rows = Object.entries(progress.by_reason).sort((one, two) => two[1] - one[1])
  if (rows.length === 0) return null
  const most = Math.max(...rows.map(([, members]) => members))
  const save = (reason: string) => {
    const name = t('pressure.audienceName', { name: campaign.draft.name, reason: words(reason) }).slice(0, 80)
    make.mutate({ reason, name }, { onSuccess: (made) => done(t('pressure.made', { count: made.members, n: count(made.members) })), onError: refused })
  }
  return (
    <>
      <h3 style={{ margin: '16px 0 8px' }}>{t('progress.notMade')}</h3>
      <ul className={styles.reasons}>
        {rows.map(([reason, members]) => (
          <li key={reason}>
            <span>{words(reason)}</span>
            <span className={styles.bar}><i style={{ inlineSize: `${(100 * members) / most}%` }} /></span>
            <span className="num">{count(members)}</span>
            {can(permissions.campaignWrite) && <Button size="small" type="text" onClick={() => save(reason)}>{t('pressure.save')}</Button>}
          </li>
        ))}
      </ul>
    </>
  )
}

type Sender = Progress['senders'][number]

/** How far every sender is: whoever has not confirmed stands on top. */
export function SendersPanel({ progress }: { progress: Progress }) {
  const { t } = useTranslation('touches')
  const { count } = useFormat()
  const [shown, setShown] = useState(20)
  const rows = [...progress.senders].sort((one, two) => (two.by_fate.waiting ?? 0) - (one.by_fate.waiting ?? 0) || one.sender.localeCompare(two.sender))
  const number = (members: number | undefined) => <span className="num">{count(members ?? 0)}</span>
  return (
    <Panel title={t('progress.senders')} flush>
      <DataTable<Sender>
        label={t('progress.senders')} rows={rows.slice(0, shown)} more={{ has: rows.length > shown, loading: false, load: () => setShown(shown + 100) }} rowKey={(one) => one.sender} size="small" empty={<Empty small title={t('progress.noSenders')} />}
        columns={[
          { title: t('fields.sender'), render: (_, one) => <span>{one.name} <small className="faint">{one.name !== one.sender && one.sender}</small></span> },
          { title: t('progress.planned'), align: 'right', render: (_, one) => number(one.waiting) },
          { title: t('fates.waiting'), align: 'right', render: (_, one) => number(one.by_fate.waiting) },
          { title: t('progress.arrived'), align: 'right', render: (_, one) => number(sum(one.by_fate, arrived)) },
          { title: t('fates.expired'), align: 'right', render: (_, one) => number(one.by_fate.expired) },
          { title: t('fates.failed'), align: 'right', render: (_, one) => number(one.by_fate.failed) },
        ]}
        card={(one) => <RowCard title={one.name} side={number(sum(one.by_fate, arrived))} lines={[`${t('fates.waiting')} ${count(one.by_fate.waiting ?? 0)} · ${t('fates.failed')} ${count(one.by_fate.failed ?? 0)}`]} />}
      />
    </Panel>
  )
}

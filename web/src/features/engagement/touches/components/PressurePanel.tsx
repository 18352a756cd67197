import { Button, Table, Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'

import { useNotice } from '@/design/notice'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { Stat, Stats } from '@/design/Stat'
import { Waiting } from '@/design/Waiting'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { usePressure, usePressureAudience } from '../queries'
import type { CampaignBody, Pressure } from '../types'
import { useReasonWords } from '../words'
import styles from './touches.module.css'

/** What launching would come to: who gets it, who does not and why, through whom, and whom it crowds out. */
export function PressurePanel({ draft, id }: { draft: CampaignBody | undefined; id?: string }) {
  const { t } = useTranslation('touches')
  const { count, instant } = useFormat()
  const ready = draft?.audience_id && draft.account_id && draft.name && draft.variants.every((one) => one.name) ? draft : undefined
  const pressure = usePressure(ready, id)
  const found = ready ? pressure.data : undefined
  const waiting = found?.held.reduce((all, one) => all + one.members, 0) ?? 0
  return (
    <Panel title={t('pressure.title')} extra={found && <small className="soft num">{t('pressure.at', { at: instant(found.at) })}</small>} data-testid="pressure">
      {!ready && <p className="soft">{t('pressure.notYet')}</p>}
      <ProblemNote problem={ready ? pressure.error : undefined} />
      {ready && !found && !pressure.error && <Waiting />}
      {found && (
        <div className="stack-small" aria-busy={pressure.isFetching} aria-live="polite">
          <Stats columns={4}>
            <Stat label={t('pressure.audience')} value={count(found.audience)} definition={t('pressure.audienceWhat')} />
            <Stat label={t('pressure.planned')} value={count(found.planned)} definition={t('pressure.plannedWhat')} />
            <Stat label={t('pressure.held')} value={count(waiting)} definition={t('pressure.heldWhat')} />
            <Stat label={t('pressure.dropped')} value={count(Object.values(found.dropped).reduce((all, one) => all + one, 0))} definition={t('pressure.droppedWhat')} />
          </Stats>
          <Dropped found={found} draft={ready} id={id} />
          <Guides found={found} />
          {found.crowds_out.length > 0 && (
            <div>
              <strong>{t('pressure.crowds')}</strong>
              <ul className={styles.plain}>{found.crowds_out.map((one) => <li key={one.origin_id} className="spread"><span>{one.name}</span><span className="num">{t('people', { count: one.members, n: count(one.members) })}</span></li>)}</ul>
            </div>
          )}
          {found.warnings.map((code) => <p key={code} className={styles.warning}>{t(`warnings.${code}`)}</p>)}
        </div>
      )}
    </Panel>
  )
}

function Dropped({ found, draft, id }: { found: Pressure; draft: CampaignBody | undefined; id?: string }) {
  const { t } = useTranslation('touches')
  const { count, share } = useFormat()
  const { done, refused } = useNotice()
  const can = useCan()
  const make = usePressureAudience(draft, id)
  const words = useReasonWords()
  const rows = Object.entries(found.dropped).filter(([, members]) => members > 0).sort((one, two) => two[1] - one[1])
  if (rows.length === 0) return null
  const save = (reason: string) => {
    const name = t('pressure.audienceName', { name: draft?.name ?? '', reason: words(reason) }).slice(0, 80)
    make.mutate({ reason, name }, { onSuccess: (made) => done(t('pressure.made', { count: made.members, n: count(made.members) })), onError: refused })
  }
  return (
    <ul className={styles.reasons} aria-label={t('pressure.why')}>
      {rows.map(([reason, members]) => (
        <li key={reason}>
          <span>{words(reason)}</span>
          <span className={styles.bar}><i style={{ inlineSize: `${Math.max(1, (100 * members) / Math.max(1, found.audience))}%` }} /></span>
          <span className="num">{count(members)} <small className="faint">{share(members / Math.max(1, found.audience))}</small></span>
          {can(permissions.campaignWrite) && <Tooltip title={t('pressure.makeAudience')}><Button size="small" type="text" loading={make.isPending && make.variables.reason === reason} onClick={() => save(reason)}>{t('pressure.save')}</Button></Tooltip>}
        </li>
      ))}
    </ul>
  )
}

function Guides({ found }: { found: Pressure }) {
  const { t } = useTranslation('touches')
  const { count } = useFormat()
  if (found.guides.length === 0) return null
  const days = Math.max(...found.guides.map((one) => one.days.findLastIndex((each) => each > 0))) + 1
  return (
    <Table size="small" pagination={false} scroll={{ x: 'max-content', y: 240 }} rowKey="userid" dataSource={found.guides.slice(0, 100)} aria-label={t('pressure.guides')}
      columns={[
        { title: t('pressure.guide', { n: count(found.guides_total) }), fixed: 'left', render: (_, one) => <span>{one.name} {one.name !== one.userid && <small className="faint">{one.userid}</small>}</span> },
        ...Array.from({ length: Math.max(1, days) }, (_, day) => ({ title: day === 0 ? t('pressure.today') : t('pressure.day', { n: day + 1 }), align: 'right' as const, render: (_: unknown, one: Pressure['guides'][number]) => <span className="num">{count(one.days[day] ?? 0)}</span> })),
      ]} />
  )
}

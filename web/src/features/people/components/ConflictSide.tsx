import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Facts } from '@/design/Facts'
import { Mark } from '@/design/Mark'
import { Panel } from '@/design/Panel'
import { useFormat } from '@/lib/session'
import { named } from '@/lib/words'

import type { Identity, Member } from '../types'
import { displayName } from '../words'
import styles from './lists.module.css'

type Props = { side: Member; other?: Member; shared: string; letter: 'A' | 'B' }

/** One of the two members, with what they share and where they differ marked. */
export function ConflictSide({ side, other, shared, letter }: Props) {
  const { t } = useTranslation('people')
  const { instant, money, count } = useFormat()
  const relation = (identity: Identity) => {
    if (identity.value_masked === shared) return <Mark tone="warn">{t('conflicts.contested')}</Mark>
    const same = other?.identities.filter((each) => each.kind === identity.kind && each.namespace === identity.namespace) ?? []
    if (same.some((each) => each.value_masked === identity.value_masked)) return <Mark tone="good">{t('conflicts.same')}</Mark>
    if (same.length > 0) return <Mark tone="bad">{t('conflicts.differs')}</Mark>
    return null
  }
  return (
    <Panel title={<><Mark tone="well">{letter}</Mark> <Link to={`/members/${side.id}`}>{displayName(side, t('anonymous'))}</Link></>} flush>
      <div style={{ padding: '14px 18px' }}>
        <Facts
          facts={[
            { label: t('list.created'), value: instant(side.created_at) },
            { label: t('list.source'), value: side.source },
            { label: t('list.store'), value: side.home_unit?.name },
            { label: t('list.orders'), value: `${count(side.orders_count)} · ${money(side.revenue_minor)}` },
            { label: t('list.lastOrder'), value: instant(side.last_order_at) },
          ]}
        />
      </div>
      <ul className={styles.list} style={{ borderTop: '1px solid var(--ws-color-border-secondary)' }}>
        {side.identities.map((identity) => (
          <li key={identity.id}>
            <div className={styles.first}>
              <span className={styles.kind}>{named(t, 'kinds', identity.kind)}</span>
              <span className="row" style={{ gap: 6, justifyContent: 'flex-end' }}><span className="mono">{identity.value_masked}</span>{relation(identity)}</span>
            </div>
            <div className={styles.second}>{t('identities.since', { at: instant(identity.first_seen_at), source: identity.source ?? '–' })}</div>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Facts } from '@/design/Facts'
import { Mark } from '@/design/Mark'
import { Panel } from '@/design/Panel'
import { useFormat } from '@/lib/session'
import { plain } from '@/lib/text'
import { named } from '@/lib/words'

import type { ConflictSideData, Identity } from '../types'
import { displayName } from '../words'
import styles from './lists.module.css'

// Of these a person has one; having several of the others says nothing.
const SINGLE = new Set<string>(['user_id', 'unionid'])

type Props = { side: ConflictSideData; other: ConflictSideData; shared: string; letter: 'A' | 'B' }

/** One of the two members, with what they share and where they differ marked. */
export function ConflictSide({ side, other, shared, letter }: Props) {
  const { t } = useTranslation('people')
  const { instant } = useFormat()
  const { member } = side
  const relation = (identity: Identity) => {
    if (shared && identity.value === shared) return <Mark tone="warn">{t('conflicts.contested')}</Mark>
    const same = other.identities.filter((each) => each.kind === identity.kind && each.namespace === identity.namespace)
    if (same.some((each) => each.value === identity.value)) return <Mark tone="good">{t('conflicts.same')}</Mark>
    if (same.length > 0 && SINGLE.has(identity.kind)) return <Mark tone="bad">{t('conflicts.differs')}</Mark>
    return null
  }
  return (
    <Panel title={<><Mark tone="well">{letter}</Mark> <Link to={`/members/${member.id}`}>{displayName(member, t)}</Link></>} flush>
      <div style={{ padding: '14px 18px' }}>
        <Facts
          facts={[
            { label: t('list.number'), value: <span className="num">#{member.member_no}</span> },
            { label: t('list.created'), value: instant(member.created_at) },
            { label: t('list.lastSeen'), value: instant(member.last_seen_at) },
            { label: t('list.source'), value: member.source || '–' },
            ...side.attributes.slice(0, 6).map((attribute) => ({ label: named(t, 'attributeNames', attribute.name), value: plain(attribute.value) })),
          ]}
        />
      </div>
      <ul className={styles.list} style={{ borderTop: '1px solid var(--ws-color-border-secondary)' }}>
        {side.identities.map((identity) => (
          <li key={`${identity.kind}/${identity.namespace}/${identity.value}`}>
            <div className={styles.first}>
              <span className={styles.kind}>{named(t, 'kinds', identity.kind)}</span>
              <span className="row" style={{ gap: 6, justifyContent: 'flex-end' }}><span className="mono">{identity.value}</span>{relation(identity)}</span>
            </div>
            <div className={styles.second}>{t('identities.since', { at: instant(identity.since), source: identity.source || '–' })}</div>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

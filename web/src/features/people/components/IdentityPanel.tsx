import { useTranslation } from 'react-i18next'

import { Empty } from '@/design/Empty'
import { Panel } from '@/design/Panel'
import { useFormat } from '@/lib/session'
import { named } from '@/lib/words'

import type { Member } from '../types'
import styles from './lists.module.css'

export function IdentityPanel({ member }: { member: Member }) {
  const { t } = useTranslation('people')
  const { instant } = useFormat()
  return (
    <Panel title={t('identities.title', { count: member.identities.length })} flush>
      {member.identities.length === 0 && <Empty small title={t('identities.empty')} />}
      <ul className={styles.list}>
        {member.identities.map((identity) => (
          <li key={`${identity.kind}/${identity.namespace}/${identity.value}`}>
            <div className={styles.first}>
              <span className={styles.kind}>{named(t, 'kinds', identity.kind)}{identity.namespace && <small>{identity.namespace}</small>}</span>
              <span className="mono">{identity.value}</span>
            </div>
            <div className={styles.second}>
              {t('identities.since', { at: instant(identity.since, 'day'), source: identity.source || '–' })}
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

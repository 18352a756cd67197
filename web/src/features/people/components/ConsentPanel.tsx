import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Empty } from '@/design/Empty'
import { Mark, type Tone } from '@/design/Mark'
import { Panel } from '@/design/Panel'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { named } from '@/lib/words'

import type { Consent, ConsentState, Member } from '../types'
import { ConsentDrawer } from './ConsentDrawer'
import styles from './lists.module.css'

const tones: Record<ConsentState, Tone> = { subscribed: 'good', unsubscribed: 'bad', pending: 'warn', never_asked: 'plain', unknown: 'plain' }

export function ConsentPanel({ member }: { member: Member }) {
  const { t } = useTranslation('people')
  const { instant } = useFormat()
  const can = useCan()
  const [editing, setEditing] = useState<Partial<Consent> | null>(null)
  const mayEdit = can(permissions.consentWrite)
  const add = mayEdit && <Button size="small" onClick={() => setEditing({})}>{t('consent.add')}</Button>
  return (
    <Panel title={t('consent.title')} flush extra={add} data-testid="consents">
      {member.consents.length === 0 && <Empty small title={t('consent.empty')} hint={t('consent.emptyHint')} />}
      <ul className={styles.list}>
        {member.consents.map((consent) => (
          <li key={`${consent.purpose}/${consent.channel}/${consent.address_kind}/${consent.address}`}>
            <div className={styles.first}>
              <span>{named(t, 'purposes', consent.purpose)} · {named(t, 'channels', consent.channel)} <span className="faint">{consent.address}</span></span>
              <span className="row" style={{ gap: 4, justifyContent: 'flex-end', flexWrap: 'nowrap' }}>
                <Mark tone={tones[consent.state as ConsentState]}>{t(`states.${consent.state}`)}</Mark>
                {mayEdit && <Button type="link" size="small" onClick={() => setEditing(consent)}>{t('consent.change')}</Button>}
              </span>
            </div>
            <div className={styles.second}>{t('consent.since', { at: instant(consent.at), source: consent.source || '–', version: consent.version || '–' })}</div>
          </li>
        ))}
      </ul>
      {editing && <ConsentDrawer id={member.id} consent={editing} onClose={() => setEditing(null)} />}
    </Panel>
  )
}

import { useTranslation } from 'react-i18next'

import { Empty } from '@/design/Empty'
import { Mark } from '@/design/Mark'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { Waiting } from '@/design/Waiting'
import { MemberPicker } from '@/features/people/pickers/MemberPicker'
import { useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { useExplained } from '../queries'
import type { Audience, Explained } from '../types'
import styles from './audiences.module.css'
import { VerdictTree } from './VerdictTree'

/** Why a member is in the audience, or is not. */
export function WhyTab({ audience }: { audience: Audience }) {
  const { t } = useTranslation('audiences')
  const [read, write] = useUrlState()
  const member = read('member')
  const explained = useExplained(audience.id, member)
  return (
    <Panel title={t('why.title')}>
      <div style={{ maxWidth: 520, marginBottom: 16 }}><MemberPicker value={member} known={explained.data && `#${explained.data.member_no}`} onChange={(id) => write({ member: id })} /></div>
      {!member && <Empty small title={t('why.choose')} hint={t('why.chooseHint')} />}
      <ProblemNote problem={explained.error} retry={() => void explained.refetch()} />
      {explained.isLoading && <Waiting />}
      {explained.data && <Answer explained={explained.data} />}
    </Panel>
  )
}

function Answer({ explained }: { explained: Explained }) {
  const { t } = useTranslation('audiences')
  const { instant } = useFormat()
  const isBehind = explained.in !== explained.committed
  return (
    <div className="stack">
      <div className={styles.sentence} data-testid="why">
        <Mark tone={explained.in ? 'good' : 'plain'}>{t(explained.in ? 'why.in' : 'why.out')}</Mark>
        {explained.by_hand && <Mark tone="warn">{t(`why.hand_${explained.by_hand}`)}</Mark>}
        {isBehind && <span className="soft" style={{ fontWeight: 400 }}>{t(explained.in ? 'why.soonIn' : 'why.soonOut')}</span>}
      </div>
      {explained.root ? <VerdictTree root={explained.root} /> : <p className="soft">{t('why.list')}</p>}
      {explained.changes.length > 0 && (
        <div>
          <h2 className={styles.small}>{t('why.changes')}</h2>
          <ul className={styles.sample} style={{ maxWidth: 420 }}>
            {explained.changes.map((change) => <li key={`${change.version}${change.entered}`}><span className="num">{instant(change.at, 'second')}</span><span>{t(change.entered ? 'why.entered' : 'why.left')} · {t('stats.version', { version: change.version })}</span></li>)}
          </ul>
        </div>
      )}
    </div>
  )
}

import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { MemberName } from '@/features/people/pickers/MemberName'
import { useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'

import type { useCounted } from '../builder/useCounted'
import styles from './audiences.module.css'
import { ReachBars } from './ReachBars'

/** The count of what is being edited, whom it can reach, and a few of its members. */
export function CountPanel({ counted }: { counted: ReturnType<typeof useCounted> }) {
  const { t, i18n } = useTranslation('audiences')
  const { count, share } = useFormat()
  const { preview, isAsking, problem, faults } = counted
  return (
    <Panel data-testid="count-panel" style={{ position: 'sticky', top: 68 }}>
      <div className={styles.total} data-asking={isAsking} aria-live="polite">
        <span className={styles.number} data-testid="total">{preview ? count(preview.count) : '–'}</span>
        <span className="soft">{t('people')}</span>
        {preview && <span className="soft">{t('ofAll', { share: share(preview.of ? preview.count / preview.of : null), of: count(preview.of) })}</span>}
      </div>
      <div className="faint" style={{ fontSize: 12 }}>{isAsking ? t('counting') : preview && t('took', { ms: Math.max(1, Math.round(preview.took_ms)) })}</div>
      <ProblemNote problem={problem} />
      {faults.size > 0 && <div className={styles.fault} role="alert">{t('faulty')}</div>}
      {preview?.notes?.map((note) => <p key={note.path + note.zh} className="soft" style={{ marginTop: 8 }}>{bilingual(note, i18n.language)}</p>)}
      {preview?.count === 0 && <p className="soft" style={{ marginTop: 8 }}>{t('nobody')}</p>}
      {preview && preview.count > 0 && (
        <>
          <h2 className={styles.small}>{t('reach.title')}</h2>
          <ReachBars reach={preview.reach} of={preview.count} />
          <h2 className={styles.small}>{t('sampleTitle')}</h2>
          <ul className={styles.sample}>
            {preview.sample.map((member) => (
              <li key={member.id}><Link to={`/members/${member.id}`} target="_blank"><MemberName member={member} /></Link><span className="faint num">{member.phone_masked ?? member.source ?? ''}</span></li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  )
}

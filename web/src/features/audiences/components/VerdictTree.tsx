import { CheckCircleFilled, CloseCircleOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'

import { useFormat } from '@/lib/session'
import { bilingual, plain } from '@/lib/text'

import { useWords } from '../builder/words'
import type { Proof, Verdict } from '../types'
import styles from './audiences.module.css'

// What fits on one line beside an event.
const PROPERTIES_MAX = 4

/** Of every condition whether it holds for the member, why in one sentence, and the events that prove it. */
export function VerdictTree({ root }: { root: Verdict }) {
  return <ul className={styles.verdict} data-testid="verdict"><Judged verdict={root} /></ul>
}

function Judged({ verdict }: { verdict: Verdict }) {
  const { t, i18n } = useTranslation('audiences')
  const words = useWords()
  // The server quotes events as they were sent.
  const sentence = bilingual(verdict, i18n.language).replace(/[“"]([^”"]+)[”"]/g, (whole: string, name: string) => whole.replace(name, words.event(name)))
  return (
    <li>
      <div className={styles.judged}>
        {verdict.holds ? <CheckCircleFilled className={styles.yes} aria-label={t('why.holds')} /> : <CloseCircleOutlined className={styles.no} aria-label={t('why.fails')} />}
        <div>
          <div className={verdict.holds ? undefined : 'soft'}>{sentence || verdict.text}</div>
          {verdict.parts.length === 0 && <div className="faint mono">{verdict.text}</div>}
          {verdict.events.length > 0 && <ul className={styles.events}>{verdict.events.map((event) => <Event key={`${event.kind}${event.at}${event.message_id}`} event={event} />)}</ul>}
        </div>
      </div>
      {verdict.parts.length > 0 && <ul className={styles.verdict}>{verdict.parts.map((part) => <Judged key={part.path} verdict={part} />)}</ul>}
    </li>
  )
}

function Event({ event }: { event: Proof }) {
  const { instant } = useFormat()
  const words = useWords()
  const shown = Object.entries(event.properties).filter(([, value]) => value !== null && value !== '' && typeof value !== 'object').slice(0, PROPERTIES_MAX)
  return (
    <li>
      <span className="num faint">{instant(event.at, 'second')}</span>
      <strong>{words.event(event.kind)}</strong>
      {shown.map(([name, value]) => <span key={name} className="soft">{words.property(name)} {plain(value)}</span>)}
    </li>
  )
}

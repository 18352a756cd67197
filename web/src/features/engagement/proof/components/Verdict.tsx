import { useTranslation } from 'react-i18next'

import { Panel } from '@/design/Panel'
import { useFormat } from '@/lib/session'

import { isShare } from '../model'
import type { Experiment, Report } from '../queries'
import styles from './proof.module.css'

/** The answer in one sentence, as it may be said to somebody who decides. */
export function Verdict({ experiment, report }: { experiment: Experiment; report: Report }) {
  const { t } = useTranslation('proof')
  const { share, money } = useFormat()
  if (report.is_blocked || experiment.control_basis_points === 0) return null
  const primary = report.outcomes.find((one) => one.outcome === experiment.terms.primary)
  const revenue = report.outcomes.find((one) => one.outcome === 'revenue')
  const told = (value: number) => (isShare(experiment.terms.primary) ? share(value) : money(value, report.currency))
  const sentences = report.arms.slice(1).map((arm, place) => {
    const found = primary?.arms[place + 1]
    const brought = revenue?.arms[place + 1]
    const name = arm.label || t('treated')
    const outcome = t(`outcome.${experiment.terms.primary}`)
    const [mean, apart, control] = [found?.mean ?? null, found?.difference, primary?.arms[0]?.mean ?? 0]
    const span = found?.lift && { low: share(found.lift.low), high: share(found.lift.high), lift: share(found.lift.value) }
    const money_ = brought?.incremental_minor === null || brought?.incremental_minor === undefined ? '' : t('sentenceMoney', {
      amount: money(brought.incremental_minor, report.currency),
      low: money(brought.incremental_low_minor, report.currency),
      high: money(brought.incremental_high_minor, report.currency),
    })
    const said = found && span ? t(`sentence.${found.verdict}`, { name, outcome, ...span }) : apart && mean !== null ? t('sentence.apart', { name, outcome, mean: told(mean), control: told(control), difference: told(apart.value), low: told(apart.low), high: told(apart.high) }) : t('sentence.none', { name, outcome })
    return `${said}${money_}`
  })
  return (
    <Panel title={t('answer')} extra={<span className="faint">{report.is_matured ? t('matured') : t('notMatured')}</span>}>
      {sentences.map((sentence, place) => <p key={place} className={styles.word}>{sentence}</p>)}
    </Panel>
  )
}

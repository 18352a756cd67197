import { CheckCircleFilled, CloseCircleFilled, ExclamationCircleFilled, QuestionCircleFilled, ReloadOutlined, SendOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { Mark } from '@/design/Mark'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { colours } from '@/design/tokens'
import { Waiting } from '@/design/Waiting'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { bilingual, plain } from '@/lib/text'

import { useCheck, useDiagnosis } from '../queries'
import type { Account, Check } from '../types'
import { checkTones } from '../words'
import styles from './Diagnosis.module.css'
import { TestDrawer } from './TestDrawer'

const signs: Record<string, ReactNode> = {
  ok: <CheckCircleFilled style={{ color: colours.spring }} />,
  warn: <ExclamationCircleFilled style={{ color: colours.amber }} />,
  bad: <CloseCircleFilled style={{ color: colours.clay }} />,
  unknown: <QuestionCircleFilled style={{ color: colours.inkFaint }} />,
}
const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d/
const order = ['bad', 'warn', 'unknown', 'ok']

/** What works and what does not, the worst first, each with what to do about it. */
export function DiagnosisPanel({ account }: { account: Account }) {
  const { t } = useTranslation('channels')
  const { instant } = useFormat()
  const can = useCan()
  const diagnosis = useDiagnosis(account.id)
  const check = useCheck()
  const [testing, setTesting] = useState(false)
  const again = () => can(permissions.accountWrite) ? check.mutate(account.id, { onSettled: () => void diagnosis.refetch() }) : void diagnosis.refetch()
  if (diagnosis.error) return <ProblemNote problem={diagnosis.error} retry={() => void diagnosis.refetch()} />
  if (!diagnosis.data) return <Waiting />
  const { worst, checks, checked_at: checkedAt } = diagnosis.data
  const sorted = [...checks].sort((one, other) => order.indexOf(one.state) - order.indexOf(other.state))
  return (
    <Panel
      title={t('diagnosis.title')}
      extra={
        <span className="row">
          {can(permissions.noticeSend) && account.kind !== 'pay' && <Button size="small" icon={<SendOutlined />} onClick={() => setTesting(true)}>{t('test.title')}</Button>}
          <Button size="small" icon={<ReloadOutlined />} loading={check.isPending || diagnosis.isRefetching} onClick={again}>{t('diagnosis.again')}</Button>
        </span>
      }
    >
      <div className="row"><Mark tone={checkTones[worst]}>{t(`diagnosis.worst.${worst}`)}</Mark><span className="soft">{t('diagnosis.checked', { at: instant(checkedAt, 'second') })}</span></div>
      <ul className={styles.list}>{sorted.map((one, index) => <Line key={`${one.code}/${index}`} check={one} />)}</ul>
      {testing && <TestDrawer account={account} onClose={() => setTesting(false)} />}
    </Panel>
  )
}

function Line({ check }: { check: Check }) {
  const { t, i18n } = useTranslation('channels')
  const { instant } = useFormat()
  const todo = bilingual({ zh: check.what_to_do_zh, en: check.what_to_do_en }, i18n.language)
  const facts = Object.entries(check.facts ?? {}).filter(([, value]) => value !== null && value !== '')
  const said = (value: unknown) => (typeof value === 'string' && isInstant.test(value) ? instant(value, 'second') : plain(value))
  return (
    <li className={styles.check} data-state={check.state} data-testid={`check-${check.code}`}>
      <span className={styles.sign} role="img" aria-label={t(`diagnosis.states.${check.state}`)}>{signs[check.state]}</span>
      <div>
        <div className={styles.said}>{bilingual(check, i18n.language)}</div>
        {check.state !== 'ok' && todo && <div className={styles.todo}><strong>{t('diagnosis.todo')}</strong>{todo}</div>}
        {facts.length > 0 && <div className={styles.facts}>{facts.map(([name, value]) => <span key={name}>{t(`diagnosis.facts.${name}`, { defaultValue: name })}: <span className="num">{said(value)}</span></span>)}</div>}
      </div>
    </li>
  )
}

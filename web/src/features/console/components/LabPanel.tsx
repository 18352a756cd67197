import { Button, DatePicker, Space } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'

import { useNotice } from '@/design/notice'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { useFormat, useSession } from '@/lib/session'

import { useMoveClock, type ClockChange } from '../queries'

const steps = ['1h', '1d', '7d', '30d'] as const

/** Time travel for trying things out: everything that falls due on the way runs in order. */
export function LabPanel() {
  const { t } = useTranslation('console')
  const { now } = useSession()
  const { instant } = useFormat()
  const { done } = useNotice()
  const move = useMoveClock()
  const go = (change: ClockChange) => move.mutate(change, { onSuccess: (answer) => done(t('lab.moved', { at: instant(answer.now) })) })
  return (
    <Panel style={{ maxWidth: 640 }}>
      <div className="stack-small">
        <span className="soft">{t('lab.text')}</span>
        <strong style={{ fontSize: 22 }} className="num">{instant(now, 'second')}</strong>
        <Space wrap>
          {steps.map((step) => <Button key={step} loading={move.isPending} onClick={() => go({ advance: step })}>{t(`lab.steps.${step}`)}</Button>)}
          <DatePicker showTime placeholder={t('lab.to')} aria-label={t('lab.to')} disabledDate={(day) => day.isBefore(dayjs(now), 'day')} onOk={(at) => go({ now: dayjs(at).toISOString() })} />
        </Space>
        <ProblemNote problem={move.error} />
      </div>
    </Panel>
  )
}

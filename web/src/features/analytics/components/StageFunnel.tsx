import { Button, Progress } from 'antd'
import { useTranslation } from 'react-i18next'

import { Panel } from '@/design/Panel'
import { colours } from '@/design/tokens'
import { useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'

import type { Lifecycle, Stages, Wish } from '../rhythms'

const paints: Record<string, string> = { new: colours.inkGhost, first: colours.sky, repeat: colours.well, sleeping: colours.amber, lost: colours.clay }
type Code = 'new' | 'first' | 'repeat' | 'sleeping' | 'lost'

/** Where members stand today, and how that differs from four weeks ago. */
export function StageFunnel({ lifecycle, onWish }: { lifecycle: Lifecycle; onWish?: (wish: Wish) => void }) {
  const { t, i18n } = useTranslation('rfm')
  const { count } = useFormat()
  const today = lifecycle.weeks.at(-1)
  const before = lifecycle.weeks.at(-5)
  const of = (week: Stages | undefined, code: string) => week?.[code as Code] ?? null
  const most = Math.max(1, ...lifecycle.stages.map((stage) => of(today, stage.code) ?? 0))
  const change = (code: string) => {
    const [now, then] = [of(today, code), of(before, code)]
    if (now === null || then === null) return null
    const by = now - then
    return <span className="soft">{by > 0 ? `+${count(by)}` : count(by)}</span>
  }
  return (
    <Panel title={t('stagesToday')}>
      <div className="stack-small">
        {lifecycle.stages.map((stage) => {
          const members = of(today, stage.code)
          const name = bilingual(stage, i18n.language)
          return (
            <div key={stage.code}>
              <div className="spread">
                <span><strong>{name}</strong> <span className="faint">{t(`stageWords.${stage.code}`)}</span></span>
                <span className="row num">
                  {change(stage.code)} <b>{count(members)}</b>
                  {onWish && <Button size="small" type="link" disabled={!members} onClick={() => onWish({ name: `${t('lifecycle')} · ${name}`, definition: { trait: 'lifecycle.stage', is: stage.code }, members: members ?? 0 })}>{t('save')}</Button>}
                </span>
              </div>
              <Progress percent={((members ?? 0) / most) * 100} showInfo={false} strokeColor={paints[stage.code]} size="small" aria-label={name} />
            </div>
          )
        })}
      </div>
    </Panel>
  )
}

import { useTranslation } from 'react-i18next'

import { Facts } from '@/design/Facts'
import { Mark, type Tone } from '@/design/Mark'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'

import { useMemberValues, type MemberValue } from '../rhythms'

const tones: Record<string, Tone> = { first: 'busy', repeat: 'good', sleeping: 'warn', lost: 'bad' }

/** A member's RFM, stage, cycle, and what they are expected to buy next. */
export function MemberRhythm({ id }: { id: string }) {
  const { t, i18n } = useTranslation('rfm')
  const { instant } = useFormat()
  const known = useMemberValues(id)
  const values = new Map(known.data?.rows.map((row) => [row.name, row]))
  const words = (row: MemberValue | undefined) => bilingual({ zh: row?.words_zh, en: row?.words_en }, i18n.language)
  const value = (name: string) => values.get(name)?.value ?? null
  const [segment, cell, stage, cycle, due] = [values.get('rfm.segment'), value('rfm.cell'), values.get('lifecycle.stage'), value('lifecycle.cycle_days'), value('repurchase.due_categories')]
  const next = value('lifecycle.next_expected_at')
  return (
    <Panel title={t('memberTitle')} data-testid="rhythm">
      <ProblemNote problem={known.error} retry={() => void known.refetch()} />
      {known.data && (
        <Facts facts={[
          { label: t('stage'), value: stage?.value ? <Mark tone={tones[String(stage.value)]}>{words(stage)}</Mark> : '–' },
          { label: 'RFM', value: cell ? `${words(segment)} · ${String(cell)}` : t('noRfm') },
          { label: t('cycle'), value: typeof cycle === 'number' ? t('days', { days: Math.round(cycle) }) : '–' },
          { label: t('nextExpected'), value: typeof next === 'string' ? instant(next, 'day') : '–' },
          { label: t('due'), value: Array.isArray(due) && due.length > 0 ? due.join('、') : '–' },
        ]} />
      )}
    </Panel>
  )
}

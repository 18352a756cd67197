import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { Mark, type Tone } from '@/design/Mark'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { useFormat } from '@/lib/session'
import { named } from '@/lib/words'

import type { ConflictEvidence, FieldEvidence } from '../types'

const tones: Record<FieldEvidence['agreement'], Tone> = { same: 'good', close: 'good', part: 'busy', differs: 'bad', unknown: 'plain' }

/** Why two members look like one person: every field of both side by side, whether it agrees, and how much that says. */
export function EvidencePanel({ evidence }: { evidence: ConflictEvidence }) {
  const { t } = useTranslation('people')
  const { share } = useFormat()
  const { conflict } = evidence
  const mark = (one: FieldEvidence) => <Mark tone={tones[one.agreement]}>{t(`likely.agreements.${one.agreement}`)}</Mark>
  const weight = (one: FieldEvidence) => (one.agreement === 'unknown' ? '–' : `${one.weight > 0 ? '+' : ''}${one.weight.toFixed(1)}`)
  const name = (one: FieldEvidence) => named(t, 'likely.fields', one.field)
  return (
    <Panel title={<>{t('likely.title')} <Mark tone="warn">{t('likely.probability', { share: share(conflict.probability) })}</Mark></>} flush>
      <DataTable<FieldEvidence>
        label={t('likely.title')}
        rows={conflict.fields}
        rowKey={(one) => one.field}
        empty={null}
        size="small"
        columns={[
          { title: t('likely.field'), render: (_, one) => name(one) },
          { title: 'A', render: (_, one) => one.holder ?? '–' },
          { title: 'B', render: (_, one) => one.claimant ?? '–' },
          { title: t('likely.agreement'), render: (_, one) => mark(one) },
          { title: t('likely.weight'), align: 'right', render: (_, one) => <span className="num">{weight(one)}</span> },
        ]}
        card={(one) => <RowCard title={name(one)} side={mark(one)} lines={[`A ${one.holder ?? '–'}`, `B ${one.claimant ?? '–'}`, `${t('likely.weight')} ${weight(one)}`]} />}
      />
      <p className="soft" style={{ padding: '0 18px 14px', margin: '10px 0 0' }}>{t('likely.hint')}</p>
    </Panel>
  )
}

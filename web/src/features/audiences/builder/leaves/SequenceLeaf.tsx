import { CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Checkbox, Select } from 'antd'
import { useTranslation } from 'react-i18next'

import styles from '../builder.module.css'
import { DurationField } from '../fields/DurationField'
import { EventField } from '../fields/EventField'
import { WhereField } from '../fields/WhereField'
import { durationOf, type Leaf } from '../leaf'
import type { LeafProps } from './types'

const isAbsent = (step: Leaf) => 'did_not' in step

function withKind(step: Leaf, absent: boolean): Leaf {
  const event = step.did ?? step.did_not
  const where = step.where ? { where: step.where } : {}
  return absent ? { did_not: event, ...where } : { did: event, ...where }
}

/** One thing after another, each within its time, and what must not lie between. */
export function SequenceLeaf({ leaf, onChange }: LeafProps) {
  const { t } = useTranslation('audiences')
  const steps = leaf.sequence as Leaf[]
  const firstDone = steps.findIndex((step) => !isAbsent(step))
  // The first thing done has nothing before it to count from.
  const set = (next: Leaf[]) => {
    const first = next.findIndex((step) => !isAbsent(step))
    onChange({ sequence: next.map((step, index) => (index === first ? Object.fromEntries(Object.entries(step).filter(([key]) => key !== 'within')) : step)) })
  }
  return (
    <ol className={styles.steps}>
      {steps.map((step, index) => {
        const absent = isAbsent(step)
        const event = String(step.did ?? step.did_not ?? '')
        const put = (next: Leaf) => set(steps.with(index, next))
        return (
          <li key={index} className={styles.step}>
            <Select aria-label={t('sequence.kind')} value={absent ? 'absent' : 'done'} onChange={(kind) => put(withKind(step, kind === 'absent'))} style={{ width: 108 }}
              options={[{ value: 'done', label: t(index === 0 ? 'sequence.done' : 'sequence.then') }, { value: 'absent', label: t('sequence.absent') }]} />
            <EventField value={event} onChange={(name) => put(absent ? { ...step, did_not: name } : { ...step, did: name })} />
            {!absent && index > firstDone && (
              <>
                <Checkbox checked={durationOf(step.within) !== undefined} onChange={(change) => put(change.target.checked ? { ...step, within: '7d' } : { did: step.did, ...(step.where ? { where: step.where } : {}) })}>{t('sequence.within')}</Checkbox>
                {durationOf(step.within) && <DurationField label={t('window.amount')} value={step.within} onChange={(within) => put({ ...step, within })} />}
              </>
            )}
            {steps.length > 2 && <Button type="text" size="small" icon={<CloseOutlined />} aria-label={t('sequence.drop')} onClick={() => set(steps.filter((_, place) => place !== index))} />}
            <WhereField leaf={step} event={event} onChange={put} />
          </li>
        )
      })}
      <li className={styles.step}><Button size="small" icon={<PlusOutlined />} onClick={() => set([...steps, { did: '', within: '7d' }])}>{t('sequence.add')}</Button></li>
    </ol>
  )
}

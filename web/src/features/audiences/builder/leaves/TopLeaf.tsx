import { InputNumber } from 'antd'
import { useTranslation } from 'react-i18next'

import { EventField } from '../fields/EventField'
import { MeasureField } from '../fields/MeasureField'
import { WhereField } from '../fields/WhereField'
import { WindowField } from '../fields/WindowField'
import type { Leaf } from '../leaf'
import type { LeafProps } from './types'

// Ranking needs no threshold; the shared fields may put one.
const thresholds = ['gte', 'gt', 'lt', 'lte', 'is', 'is_not']

/** The members who did most, as a share of those who did it at all. */
export function TopLeaf({ leaf, onChange }: LeafProps) {
  const { t } = useTranslation('audiences')
  const top = leaf.top as Leaf
  const event = String(top.of ?? '')
  const set = (next: Leaf) => onChange({ top: Object.fromEntries(Object.entries(next).filter(([key]) => !thresholds.includes(key))) })
  return (
    <>
      <span className="soft">{t('top.first')}</span>
      <InputNumber aria-label={t('top.percent')} min={0.1} max={100} value={top.percent as number | null} onChange={(percent) => set({ ...top, percent })} suffix="%" style={{ width: 92 }} />
      <span className="soft">{t('top.by')}</span>
      <WindowField leaf={top} onChange={set} />
      <EventField value={event} onChange={(of) => set({ ...top, of })} />
      <MeasureField leaf={top} event={event} onChange={set} />
      <WhereField leaf={top} event={event} onChange={set} />
    </>
  )
}

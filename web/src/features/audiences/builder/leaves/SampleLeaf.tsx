import { Input, InputNumber } from 'antd'
import { useTranslation } from 'react-i18next'

import type { Leaf } from '../leaf'
import type { LeafProps } from './types'

/** A share of the members by chance, the same ones every time. */
export function SampleLeaf({ leaf, onChange }: LeafProps) {
  const { t } = useTranslation('audiences')
  const sample = leaf.sample as { salt: string; percent: (number | null)[] }
  const [low, high] = sample.percent
  const set = (change: Leaf) => onChange({ sample: { ...sample, ...change } })
  const end = (label: string, value: number | null | undefined, put: (next: number | null) => void) => (
    <InputNumber aria-label={label} min={0} max={100} value={value ?? null} onChange={put} suffix="%" style={{ width: 92 }} />
  )
  return (
    <>
      {end(t('sample.low'), low, (next) => set({ percent: [next, high ?? null] }))}
      <span className="soft">–</span>
      {end(t('sample.high'), high, (next) => set({ percent: [low ?? null, next] }))}
      <span className="soft">{t('sample.salt')}</span>
      <Input aria-label={t('sample.salt')} value={sample.salt} onChange={(event) => set({ salt: event.target.value })} style={{ width: 140 }} />
    </>
  )
}

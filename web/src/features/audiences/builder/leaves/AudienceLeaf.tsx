import { InputNumber } from 'antd'
import { useTranslation } from 'react-i18next'

import { useFormat } from '@/lib/session'

import { useBuilding } from '../context'
import { PickName } from '../fields/PickName'
import type { LeafProps } from './types'

/** Members of another audience, or those most like it. */
export function AudienceLeaf({ leaf, onChange }: LeafProps) {
  const { t } = useTranslation('audiences')
  const { vocabulary, audienceId } = useBuilding()
  const { count } = useFormat()
  const isLike = 'like' in leaf
  const options = vocabulary.audiences.filter((each) => each.id !== audienceId).map((each) => ({ value: each.id, label: each.name, note: count(each.count) }))
  return (
    <>
      <PickName value={String((isLike ? leaf.like : leaf.audience) ?? '')} label={t('builder.chooseAudience')} options={options} width={240}
        onChange={(id) => onChange(isLike ? { ...leaf, like: id } : { audience: id })} />
      {isLike && (
        <>
          <span className="soft">{t('builder.likeSize')}</span>
          <InputNumber aria-label={t('builder.likeSize')} min={1} max={10_000_000} precision={0} value={leaf.size as number | null} onChange={(size) => onChange({ ...leaf, size })} style={{ width: 110 }} />
        </>
      )}
    </>
  )
}

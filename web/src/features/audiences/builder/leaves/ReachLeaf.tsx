import { useTranslation } from 'react-i18next'

import { useBuilding } from '../context'
import { CompareField } from '../fields/CompareField'
import { PickName } from '../fields/PickName'
import { WindowField } from '../fields/WindowField'
import { comparisonOf, numberOps, withComparison } from '../leaf'
import { useTexts } from '../useTexts'
import type { LeafProps } from './types'

/** The channels by which messages go, as the event `Message Sent` names them. */
const TOUCHING = ['wecom', 'wecom_group', 'moments', 'task', 'official_account', 'mini_program', 'sms', 'email', 'webhook']

/** Whether a member can be reached, has agreed, or was touched how often. */
export function ReachLeaf({ leaf, onChange }: LeafProps) {
  const { t } = useTranslation('audiences')
  const { vocabulary } = useBuilding()
  const texts = useTexts()
  const channels = vocabulary.channels.map((each) => ({ value: each, label: texts.channel(each) }))
  if ('reachable_on' in leaf) return <PickName value={String(leaf.reachable_on)} label={t('builder.channel')} options={channels} onChange={(channel) => onChange({ reachable_on: channel })} />
  if ('consent' in leaf)
    return <PickName adds value={String(leaf.consent)} label={t('builder.consent')} options={vocabulary.consents.map((each) => ({ value: each, label: texts.consent(each) }))} onChange={(consent) => onChange({ consent })} width={220} />
  const channel = String((leaf.touched as { channel?: string } | undefined)?.channel ?? '')
  return (
    <>
      <WindowField leaf={leaf} onChange={onChange} />
      <PickName adds value={channel} label={t('builder.channel')} options={TOUCHING.map((each) => ({ value: each, label: texts.channel(each) }))} onChange={(next) => onChange({ ...leaf, touched: { channel: next } })} />
      <CompareField kinds={['number']} ops={numberOps} none={t('builder.once')} value={comparisonOf(leaf, true)} onChange={(next) => onChange(withComparison(leaf, next, true))} />
    </>
  )
}

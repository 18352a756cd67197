import { Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { StaffPicker } from '@/features/organization/pickers/StaffPicker'
import { permissions } from '@/lib/permissions'
import { useCan } from '@/lib/session'

import { useBuilding } from '../context'
import { PickName } from '../fields/PickName'
import type { LeafProps } from './types'

const relations = ['store', 'dealer', 'region', 'staff'] as const
type Relation = (typeof relations)[number]

/** By whom or where a member is served. */
export function ServedLeaf({ leaf, onChange }: LeafProps) {
  const { t } = useTranslation('audiences')
  const { vocabulary } = useBuilding()
  const can = useCan()
  if ('in_group' in leaf) return <Input aria-label={t('leaves.in_group')} value={String(leaf.in_group)} onChange={(event) => onChange({ in_group: event.target.value })} style={{ width: 220 }} />
  const served = (leaf.served_by ?? {}) as Record<string, unknown>
  const relation = relations.find((each) => each in served) ?? 'store'
  const value = String(served[relation] ?? '')
  const set = (id: string) => onChange({ served_by: { [relation]: id } })
  const options = vocabulary.units
    .filter((unit) => unit.kind === relation || (relation === 'region' && ['headquarters', 'city', 'department'].includes(unit.kind)))
    .map((unit) => ({ value: unit.id, label: unit.name, note: unit.code }))
  const code = vocabulary.units.find((unit) => unit.code === value)
  return (
    <>
      <Select aria-label={t('leaves.served_by')} value={relation} onChange={(next: Relation) => onChange({ served_by: { [next]: '' } })} options={relations.map((each) => ({ value: each, label: t(`relations.${each}`) }))} style={{ width: 104 }} />
      {relation === 'staff'
        ? can(permissions.staff)
          ? <StaffPicker by="code" value={value} onChange={(code) => set(code ?? '')} />
          : <Input aria-label={t('builder.staffCode')} placeholder={t('builder.staffCode')} value={value} onChange={(event) => set(event.target.value)} style={{ width: 180 }} />
        : <PickName value={code?.id ?? value} label={t(`relations.${relation}`)} options={options} onChange={set} width={220} />}
    </>
  )
}

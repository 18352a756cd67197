import { Input, Select, Space } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { FilterBar } from '@/design/FilterBar'
import { RangeFilter } from '@/design/RangeFilter'
import { UnitPicker } from '@/features/organization/pickers/UnitPicker'
import { useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { identityKinds } from '../search'

const names = ['find', 'kind', 'source', 'unit', 'identified', 'buyers', 'from', 'to'] as const

export function MemberFilters({ total, shown }: { total: number | null; shown?: number }) {
  const { t } = useTranslation('people')
  const { count } = useFormat()
  const [read, write] = useUrlState()
  const [kind, setKind] = useState(read('kind') ?? '')
  const yesNo = (name: 'identified' | 'buyers') => (
    <Select allowClear value={read(name)} placeholder={t(`list.${name}`)} aria-label={t(`list.${name}`)} onChange={(value) => write({ [name]: value })}
      options={['yes', 'no'].map((value) => ({ value, label: t(`list.${name}_${value}`) }))} />
  )
  const search = (
    <Space.Compact block>
      <Select value={kind} onChange={setKind} aria-label={t('list.kind')} style={{ width: 116, flex: 'none' }} popupMatchSelectWidth={false}
        options={[{ value: '', label: t('list.any') }, ...identityKinds.map((each) => ({ value: each, label: t(`kinds.${each}`) }))]} />
      <Input.Search key={read('find') ?? ''} allowClear defaultValue={read('find')} placeholder={t('list.search')} aria-label={t('list.search')} onSearch={(find) => write({ find: find.trim(), kind: find.trim() ? kind : undefined })} />
    </Space.Compact>
  )
  return (
    <FilterBar
      search={search}
      active={names.filter((name) => name !== 'kind' && read(name)).length}
      onClear={() => write(Object.fromEntries(names.map((name) => [name, undefined])))}
      trailing={<span data-testid="member-count">{total !== null ? t('total', { total: count(total) }) : shown !== undefined ? t('shown', { shown: count(shown) }) : ''}</span>}
    >
      {yesNo('buyers')}
      {yesNo('identified')}
      <UnitPicker allowClear value={read('unit')} onChange={(unit) => write({ unit })} placeholder={t('list.store')} />
      <Input key={`source${read('source') ?? ''}`} allowClear defaultValue={read('source')} placeholder={t('list.source')} aria-label={t('list.source')} style={{ width: 140 }}
        onPressEnter={(event) => write({ source: event.currentTarget.value.trim() })} onBlur={(event) => event.currentTarget.value.trim() !== (read('source') ?? '') && write({ source: event.currentTarget.value.trim() })} onClear={() => write({ source: undefined })} />
      <RangeFilter label={t('list.created')} from={read('from')} to={read('to')} onChange={(from, to) => write({ from, to })} />
      <Select value={read('sort') ?? ''} aria-label={t('list.sort')} onChange={(sort) => write({ sort })}
        options={['', 'created_at', '-last_seen_at', 'last_seen_at'].map((value) => ({ value, label: t(`list.sorts.${value || 'newest'}`) }))} />
    </FilterBar>
  )
}

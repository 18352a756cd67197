import { Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { useFormat } from '@/lib/session'

import { useSavedMappings } from '../queries'
import type { Kind, Mapping } from '../types'

/** Mappings used before for this kind of file. */
export function MemoryPicker({ kind, onPick }: { kind: Kind; onPick: (mapping: Mapping) => void }) {
  const { t } = useTranslation('imports')
  const { instant } = useFormat()
  const saved = useSavedMappings(kind)
  const rows = saved.data ?? []
  if (rows.length === 0) return null
  return (
    <Select value={null} placeholder={t('mapping.remembered')} aria-label={t('mapping.remembered')} style={{ minWidth: 240 }}
      onChange={(id: string | null) => {
        const known = rows.find((each) => each.used_at === id)
        if (known) onPick(known.mapping)
      }}
      options={rows.map((each) => ({ value: each.used_at, label: `${each.name} · ${instant(each.used_at, 'day')}` }))} />
  )
}

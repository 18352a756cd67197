import { Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { presetName } from '../mapping'

type Props = { presets: string[]; value: string | undefined; onPick: (name: string | undefined) => void }

/** Well-known files whose columns need no mapping by hand. */
export function PresetPicker({ presets, value, onPick }: Props) {
  const { t } = useTranslation('imports')
  const known = presets.filter((name) => name !== 'generic')
  if (known.length === 0) return null
  return (
    <label className="stack-small">
      <span className="soft">{t('preset.label')}</span>
      <Select allowClear value={value ?? null} placeholder={t('preset.auto')} aria-label={t('preset.label')} style={{ width: '100%', maxWidth: 420 }}
        onChange={(name: string | null | undefined) => onPick(name ?? undefined)}
        options={known.map((name) => ({ value: name, label: presetName(t, name) }))} />
    </label>
  )
}

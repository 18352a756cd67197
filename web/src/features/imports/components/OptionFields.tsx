import { Input, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'

import { timeZones } from '@/lib/zones'

import type { Options } from '../types'
import styles from './OptionFields.module.css'

type Props = { kind: string; options: Options; onChange: (options: Options) => void; placeholder?: string }

export function OptionFields({ kind, options, onChange, placeholder }: Props) {
  const { t } = useTranslation('imports')
  const set = (patch: Partial<Options>) => onChange({ ...options, ...patch })
  return (
    <div className={styles.fields}>
      <label>
        <span>{t('options.mode')}</span>
        <Select value={options.update_mode} onChange={(update_mode) => set({ update_mode })} aria-label={t('options.mode')}
          options={(['upsert', 'insert_only', 'update_only'] as const).map((value) => ({ value, label: t(`options.modes.${value}`) }))} />
      </label>
      <label>
        <span>{t('options.zone')}</span>
        <Select showSearch allowClear={Boolean(placeholder)} placeholder={placeholder} value={options.time_zone} onChange={(time_zone) => set({ time_zone })} aria-label={t('options.zone')} options={timeZones().map((value) => ({ value, label: value }))} />
      </label>
      {kind === 'orders' && (
        <>
          <label><span>{t('options.shop')}</span><Input value={options.shop ?? ''} placeholder={placeholder ?? t('options.shopHint')} onChange={(event) => set({ shop: event.target.value || undefined })} /></label>
          <label><span>{t('options.currency')}</span><Input value={options.currency ?? ''} placeholder={placeholder} maxLength={3} onChange={(event) => set({ currency: event.target.value.toUpperCase() || undefined })} /></label>
        </>
      )}
      <label><span>{t('options.historical')}</span><span className="row"><Switch checked={options.historical ?? false} onChange={(historical) => set({ historical })} /><small className="soft">{t('options.historicalHint')}</small></span></label>
    </div>
  )
}

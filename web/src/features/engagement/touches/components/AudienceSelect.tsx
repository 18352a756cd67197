import { Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { useFormat } from '@/lib/session'

import { useAudienceChoice } from '../queries'

type Props = { id?: string; value?: string; onChange?: (id: string) => void; placeholder?: string }

/** One audience by name, with how many are in it. */
export function AudienceSelect({ id, value, onChange, placeholder }: Props) {
  const { t } = useTranslation('touches')
  const options = useAudienceOptions()
  return <Select id={id} showSearch={{ optionFilterProp: 'label' }} allowClear value={value || undefined} onChange={(next?: string) => onChange?.(next ?? '')} placeholder={placeholder ?? t('fields.audience')} aria-label={id ? undefined : t('fields.audience')} options={options} />
}

/** Several audiences. */
export function AudienceSelects({ id, value, onChange }: { id?: string; value?: string[]; onChange?: (ids: string[]) => void }) {
  const { t } = useTranslation('touches')
  const options = useAudienceOptions()
  return <Select id={id} mode="multiple" maxCount={20} showSearch={{ optionFilterProp: 'label' }} value={value} onChange={onChange} placeholder={t('fields.nobody')} options={options} />
}

function useAudienceOptions() {
  const { count } = useFormat()
  const audiences = useAudienceChoice()
  return audiences.data?.rows.map((one) => ({ value: one.id, label: `${one.name} · ${count(one.count)}` })) ?? []
}

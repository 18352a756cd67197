import { Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { useCorpStaff } from '../queries'

type Props = { id?: string; accountId?: string; value?: string; onChange?: (value: string | undefined) => void; except?: string; label?: string; width?: number | string; leftToo?: boolean }

/** A member of a corp who may have customers, with how many they have. */
export function CorpStaffPicker({ id, accountId, value, onChange, except, label, width = 200, leftToo = true }: Props) {
  const { t } = useTranslation('channels')
  const staff = useCorpStaff(accountId)
  const shown = staff.data?.filter((one) => one.userid !== except && (leftToo || one.is_active)) ?? []
  return (
    <Select id={id} allowClear showSearch={{ optionFilterProp: 'label' }} value={value} onChange={onChange} loading={staff.isFetching} disabled={!accountId}
      style={{ width }} placeholder={label ?? t('staff.any')} aria-label={id ? undefined : label ?? t('staff.any')} popupMatchSelectWidth={280}
      options={shown.map((one) => ({ value: one.userid, label: one.name || one.userid, note: [one.userid, t('staff.contacts', { count: one.contacts }), !one.is_active && t('staff.left')].filter(Boolean).join(' · ') }))}
      optionRender={({ data }) => <span>{data.label} <small className="soft">{data.note}</small></span>} />
  )
}

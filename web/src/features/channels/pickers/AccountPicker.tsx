import { Select } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'

import { useAccounts } from '../queries'

type Props = { id?: string; kind?: string; value?: string; onChange?: (value: string | undefined) => void; required?: boolean; width?: number | string }

/** A connected account. Where there is only one, nobody is asked: nothing is shown, and it is chosen if one is needed. */
export function AccountPicker({ id, kind = 'wecom', value, onChange, required, width = 200 }: Props) {
  const { t } = useTranslation('channels')
  const accounts = useAccounts()
  const known = accounts.data?.filter((account) => account.kind === kind) ?? []
  // An account of another kind may still stand here for a moment after the kind was changed.
  const only = required && !known.some((account) => account.id === value) ? known[0]?.id : undefined
  useEffect(() => {
    if (only) onChange?.(only)
  }, [only, onChange])
  if (known.length < 2) return null
  return (
    <Select id={id} allowClear={!required} value={value} onChange={onChange} style={{ width }} placeholder={t('account.any')} aria-label={t('account.any')}
      options={known.map((account) => ({ value: account.id, label: account.name }))} />
  )
}

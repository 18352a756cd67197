import { Select } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useMembers } from '../queries'
import { searchOf } from '../search'
import { displayName } from '../words'

type Props = { value?: string; onChange?: (id: string) => void; id?: string; known?: string }

// A pause in typing, so that not every letter asks the server.
const PAUSE_MS = 250

/** One customer, found by phone, name, e-mail, customer number or member number. */
export function MemberPicker({ value, onChange, id, known }: Props) {
  const { t } = useTranslation('people')
  const [typed, setTyped] = useState('')
  const [asked, setAsked] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [typed])
  const found = useMembers(searchOf(asked, undefined))
  const listed = found.rows?.slice(0, 20).map((member) => ({ value: member.id, label: [displayName(member, t), member.name_masked && member.phone_masked, `#${member.member_no}`].filter(Boolean).join(' · ') })) ?? []
  // One that was chosen before the list was asked for has a label of its own.
  const options = value && known && !listed.some((each) => each.value === value) ? [{ value, label: known }, ...listed] : listed
  return (
    <Select
      id={id}
      value={value}
      onChange={onChange}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      loading={found.isFetching}
      aria-label={id ? undefined : t('list.search')}
      placeholder={t('list.search')}
      notFoundContent={found.isFetching ? t('loading') : t('list.noMatch')}
      options={options}
      style={{ width: '100%' }}
    />
  )
}

import { Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { useStaff, useStaffOf } from '../queries'
import type { Staff } from '../types'

type Choice = { value: string; label: string; note: string }
type Common = { by?: 'id' | 'code' | 'wecom_userid'; id?: string; label?: string; width?: number | string; unitId?: string; disabled?: boolean }
type One = Common & { several?: false; value?: string; onChange?: (value: string | undefined) => void }
type Several = Common & { several: true; value?: string[]; onChange?: (value: string[]) => void }

/** Members of staff, found by name or code; `by` says what is chosen: the id, the code, or the WeCom userid (then only who has one). */
export function StaffPicker({ by = 'id', id, label, width = 220, unitId, disabled, ...choice }: One | Several) {
  const { t } = useTranslation('organization')
  const [words, setWords] = useState('')
  const staff = useStaff({ unit_id: unitId, q: useDeferredValue(words.trim()) || undefined })
  const named = (each: Staff) => (by === 'wecom_userid' ? each.wecom_userid : each[by])
  const chosen = choice.several ? choice.value ?? [] : choice.value ? [choice.value] : []
  const listed = staff.rows ?? []
  const others = useStaffOf(by, staff.isPending ? [] : chosen.filter((name) => !listed.some((each) => named(each) === name)))
  const options = [...listed, ...(words ? [] : others)].flatMap((each) => {
    const value = named(each)
    return value ? [{ value, label: each.name, note: [each.code, each.unit_name, !each.active && t('staff.left')].filter(Boolean).join(' · ') }] : []
  })
  const shared = {
    id,
    disabled,
    allowClear: true,
    showSearch: { filterOption: false, onSearch: setWords },
    options,
    optionRender: (option: { data: Choice }) => <span>{option.data.label} <small className="soft">{option.data.note}</small></span>,
    loading: staff.isFetching,
    notFoundContent: staff.isPending ? undefined : words ? t('picker.noStaff') : <span>{t('picker.noStaffYet')} <Link to="/staff">{t('picker.toStaff')}</Link> · <Link to="/accounts">{t('picker.fromWecom')}</Link></span>,
    placeholder: label ?? t('picker.staff'),
    'aria-label': id ? undefined : label ?? t('picker.staff'),
    popupMatchSelectWidth: 320,
    style: { width },
  }
  if (choice.several) return <Select<string[], Choice> {...shared} mode="multiple" maxTagCount="responsive" value={choice.value} onChange={choice.onChange} />
  return <Select<string, Choice> {...shared} value={choice.value || undefined} onChange={choice.onChange} />
}

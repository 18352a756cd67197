import { UserAddOutlined } from '@ant-design/icons'
import { Alert, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Mark } from '@/design/Mark'
import { Panel } from '@/design/Panel'
import { useNotice } from '@/design/notice'
import { RowCard } from '@/design/RowCard'
import { StaffPicker } from '@/features/organization/pickers/StaffPicker'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { useHasUnits } from '../adoptQueries'
import { useCorpStaff, useLinkStaff } from '../queries'
import type { Account, CorpStaff } from '../types'
import { AdoptStaffDrawer } from './AdoptStaffDrawer'

/** Who of the corp may have customers, and who that is in the organisation. */
export function StaffTab({ account }: { account: Account }) {
  const { t } = useTranslation('channels')
  const { count } = useFormat()
  const can = useCan()
  const { refused } = useNotice()
  const staff = useCorpStaff(account.id)
  const link = useLinkStaff()
  const state = (one: CorpStaff) => !one.is_active ? <Mark>{t('staff.left')}</Mark> : one.can_contact ? <Mark tone="good">{t('staff.can')}</Mark> : <Mark tone="warn">{t('staff.cannot')}</Mark>
  const mayLink = can(permissions.accountWrite) && can(permissions.staff)
  const linked = (one: CorpStaff) => mayLink
    ? <StaffPicker value={one.staff_id ?? undefined} label={t('staff.unknown')} onChange={(id) => link.mutate({ account_id: account.id, userid: one.userid, staff_id: id ?? null }, { onError: refused })} />
    : one.staff_id ? <Mark tone="good">{t('staff.known')}</Mark> : <Mark tone="warn">{t('staff.unknown')}</Mark>
  const strangers = staff.data?.filter((one) => one.is_active && one.can_contact && !one.staff_id) ?? []
  const mayAdopt = mayLink && can(permissions.staffWrite) && can(permissions.unitWrite)
  const units = useHasUnits(mayAdopt)
  const [adopting, setAdopting] = useState<CorpStaff[] | null>(null)
  const contacts = (one: CorpStaff) => <Link to={`/contacts?account=${account.id}&userid=${encodeURIComponent(one.userid)}`}><span className="num">{count(one.contacts)}</span></Link>
  return (
    <Panel flush>
      {strangers.length > 0 && (
        <Alert type="info" showIcon style={{ margin: 12 }} title={t('adopt.strangers', { count: strangers.length })} description={t('adopt.why')}
          action={mayAdopt && <Button size="small" type="primary" icon={<UserAddOutlined />} disabled={units.data === undefined} onClick={() => setAdopting(strangers)}>{t('adopt.title')}</Button>} />
      )}
      <DataTable<CorpStaff>
        label={t('tabs.staff')}
        rows={staff.data}
        rowKey={(one) => one.userid}
        problem={staff.error}
        retry={() => void staff.refetch()}
        empty={<Empty small title={t('staff.empty')} hint={t('staff.emptyHint')} />}
        columns={[
          { title: t('staff.name'), render: (_, one) => <strong>{one.name || one.userid}</strong> },
          { title: 'userid', render: (_, one) => <span className="mono">{one.userid}</span> },
          { title: t('staff.state'), render: (_, one) => state(one) },
          { title: t('staff.inOrganization'), render: (_, one) => linked(one) },
          { title: t('staff.customers'), align: 'right', render: (_, one) => contacts(one) },
        ]}
        card={(one) => <RowCard title={one.name || one.userid} side={contacts(one)} lines={[<span key="s" className="row">{state(one)}{linked(one)}</span>]} />}
      />
      {adopting && <AdoptStaffDrawer account={account} people={adopting} hasUnits={units.data === true} onClose={() => setAdopting(null)} />}
    </Panel>
  )
}

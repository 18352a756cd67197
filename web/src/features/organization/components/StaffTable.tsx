import { Button, Space } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Mark } from '@/design/Mark'
import { RowCard } from '@/design/RowCard'
import { permissions } from '@/lib/permissions'
import { useCan } from '@/lib/session'

import { useStaff, type StaffFilter } from '../queries'
import type { Staff } from '../types'
import { MoveDrawer } from './MoveDrawer'
import { StaffDrawer } from './StaffDrawer'

export function StaffTable({ filter }: { filter: StaffFilter }) {
  const { t } = useTranslation('organization')
  const can = useCan()
  const staff = useStaff(filter)
  const [editing, setEditing] = useState<Staff | null>(null)
  const [moving, setMoving] = useState<Staff | null>(null)
  const state = (each: Staff) => (each.active ? <Mark tone="good">{t('staff.active')}</Mark> : <Mark>{t('staff.left')}</Mark>)
  const acts = (each: Staff) => can(permissions.staffWrite) && (
    <Space size={0}>
      <Button type="link" size="small" onClick={() => setMoving(each)}>{t('unit.move')}</Button>
      <Button type="link" size="small" onClick={() => setEditing(each)}>{t('edit')}</Button>
    </Space>
  )
  return (
    <>
      <DataTable<Staff>
        size="small"
        label={t('staff.title')}
        rows={staff.rows}
        rowKey={(each) => each.id}
        problem={staff.error}
        retry={() => void staff.refetch()}
        empty={<Empty small title={t('staff.empty')} hint={t('staff.emptyHint')} />}
        more={{ has: staff.hasNextPage, loading: staff.isFetchingNextPage, load: () => void staff.fetchNextPage() }}
        columns={[
          { title: t('staff.name'), render: (_, each) => <strong>{each.name}</strong> },
          { title: t('staff.code'), render: (_, each) => <span className="mono">{each.code}</span> },
          { title: t('staff.jobTitle'), dataIndex: 'title' },
          { title: t('staff.phone'), render: (_, each) => <span className="num">{each.phone_masked}</span> },
          ...(filter.unit_id ? [] : [{ title: t('staff.unit'), render: (_: unknown, each: Staff) => each.unit_name }]),
          { title: t('staff.state'), render: (_, each) => state(each) },
          { title: '', align: 'right' as const, render: (_, each) => acts(each) },
        ]}
        card={(each) => <RowCard title={each.name} side={state(each)} lines={[[each.title, each.unit_name].filter(Boolean).join(' · '), each.phone_masked, acts(each)]} />}
      />
      {editing && <StaffDrawer staff={editing} onClose={() => setEditing(null)} />}
      {moving && <MoveDrawer kind="staff" id={moving.id} name={moving.name} from={moving.unit_id} onClose={() => setMoving(null)} />}
    </>
  )
}

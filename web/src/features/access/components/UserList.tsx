import { PlusOutlined } from '@ant-design/icons'
import { Button, Space } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Mark } from '@/design/Mark'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'

import { useRoles, useUsers } from '../queries'
import type { User } from '../types'
import { UserDrawer } from './UserDrawer'
import { UserLinkButton } from './UserLinkButton'

export function UserList() {
  const { t, i18n } = useTranslation('access')
  const { instant } = useFormat()
  const can = useCan()
  const users = useUsers()
  const roles = useRoles()
  const [editing, setEditing] = useState<User | 'new' | null>(null)
  const roleName = (id: string) => {
    const role = roles.data?.rows.find((each) => each.id === id || each.name === id)
    return role ? bilingual(role, i18n.language) : id
  }
  const state = (user: User) => (user.disabled ? <Mark tone="bad">{t('users.disabled')}</Mark> : <Mark tone="good">{t('users.active')}</Mark>)
  const roleMarks = (user: User) => <Space size={4} wrap>{user.roles.map((id) => <Mark key={id}>{roleName(id)}</Mark>)}</Space>
  const add = can(permissions.userWrite) && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setEditing('new')}>{t('users.add')}</Button>
  )
  return (
    <Panel flush title={t('users.tabUsers')} extra={add}>
      <DataTable<User>
        label={t('users.tabUsers')}
        rows={users.rows}
        rowKey={(user) => user.id}
        problem={users.error}
        retry={() => void users.refetch()}
        onOpen={can(permissions.userWrite) ? setEditing : undefined}
        empty={<Empty title={t('users.empty')} action={add} />}
        more={{ has: users.hasNextPage, loading: users.isFetchingNextPage, load: () => void users.fetchNextPage() }}
        columns={[
          { title: t('users.name'), dataIndex: 'name', render: (name: string) => <strong>{name}</strong> },
          { title: t('users.email'), dataIndex: 'email' },
          { title: t('users.roles'), render: (_, user) => roleMarks(user) },
          { title: t('users.scope'), render: (_, user) => (user.unit_ids.length ? t('users.units', { count: user.unit_ids.length }) : t('users.wholeBrand')) },
          { title: t('users.totp'), render: (_, user) => (user.has_totp ? <Mark tone="good">{t('users.on')}</Mark> : <span className="faint">{t('users.off')}</span>) },
          { title: t('users.state'), render: (_, user) => state(user) },
          { title: t('users.lastSeen'), render: (_, user) => <span className="num">{instant(user.last_seen_at)}</span> },
          { title: '', align: 'right', render: (_, user) => can(permissions.userWrite) && <UserLinkButton user={user} /> },
        ]}
        card={(user) => <RowCard title={user.name} side={state(user)} lines={[user.email, roleMarks(user)]} />}
      />
      {editing && <UserDrawer user={editing === 'new' ? undefined : editing} onClose={() => setEditing(null)} />}
    </Panel>
  )
}

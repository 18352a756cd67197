import { PlusOutlined } from '@ant-design/icons'
import { Button, Table } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { permissions } from '@/lib/permissions'
import { useCan } from '@/lib/session'
import { bilingual } from '@/lib/text'
import { named } from '@/lib/words'

import { usePermissionTexts, useRoles } from '../queries'
import { byDomain } from '../roles'
import type { Role } from '../types'
import { RoleDrawer } from './RoleDrawer'
import styles from './RoleList.module.css'

/** Who may do what: permissions down, roles across. A role is changed by its column head. */
export function RoleList() {
  const { t, i18n } = useTranslation('access')
  const can = useCan()
  const roles = useRoles()
  const texts = usePermissionTexts()
  const [editing, setEditing] = useState<Role | 'new' | null>(null)
  const groups = byDomain(texts.data ?? [])
  const rows = groups.map((group) => ({
    key: group.domain,
    name: named(t, 'domains', group.domain),
    children: group.permissions.map((each) => ({ key: each.permission, name: bilingual(each, i18n.language) })),
  }))
  const mayEdit = can(permissions.roleWrite)
  const add = mayEdit && <Button type="primary" icon={<PlusOutlined />} onClick={() => setEditing('new')}>{t('roles.add')}</Button>
  const held = (role: Role, key: string, isGroup: boolean) => {
    if (!isGroup) return role.permissions.includes(key) ? <span className={styles.yes} aria-label={t('roles.yes')}>●</span> : <span className={styles.no} aria-label={t('roles.no')}>·</span>
    const all = groups.find((group) => group.domain === key)?.permissions ?? []
    return <span className="faint num">{all.filter((each) => role.permissions.includes(each.permission)).length}/{all.length}</span>
  }
  return (
    <Panel flush title={t('roles.title')} extra={add}>
      <div style={{ padding: '0 16px' }}><ProblemNote problem={roles.error ?? texts.error} /></div>
      {texts.data && roles.data && (
        <Table
          size="small"
          aria-label={t('roles.title')}
          pagination={false}
          dataSource={rows}
          sticky={{ offsetHeader: 52 }}
          scroll={{ x: 'max-content' }}
          expandable={{ defaultExpandAllRows: true }}
          columns={[
            { title: t('roles.permission'), dataIndex: 'name', fixed: 'left', render: (name: string, row) => (row.children ? <strong>{name}</strong> : name) },
            ...roles.data.rows.map((role) => ({
              key: role.id,
              align: 'center' as const,
              title: (
                <Button type="link" size="small" onClick={() => setEditing(role)}>{bilingual(role, i18n.language)}</Button>
              ),
              render: (_: unknown, row: (typeof rows)[number]) => held(role, row.key, row.children !== undefined),
            })),
          ]}
        />
      )}
      {editing && texts.data && <RoleDrawer role={editing === 'new' ? undefined : editing} texts={texts.data} readOnly={!mayEdit} onClose={() => setEditing(null)} />}
    </Panel>
  )
}

import {
  ApartmentOutlined, ApiOutlined, AuditOutlined, ClusterOutlined, DatabaseOutlined, FieldTimeOutlined, HeatMapOutlined, ImportOutlined, LineChartOutlined,
  SafetyOutlined, SettingOutlined, ShopOutlined, ShoppingOutlined, StopOutlined, TagsOutlined, TeamOutlined, UnorderedListOutlined, UsergroupAddOutlined, UserOutlined,
} from '@ant-design/icons'
import type { ComponentType } from 'react'

import { permissions } from '@/lib/permissions'

export type Entry = { path: string; name: string; icon: ComponentType<{ 'aria-hidden'?: boolean }>; permission: string }
export type Group = { name: string; entries: Entry[] }

/** The menu operators know, with only the entries that have a page. */
export const menu: Group[] = [
  {
    name: 'analytics',
    entries: [
      { path: '/overview', name: 'overview', icon: LineChartOutlined, permission: permissions.overview },
      { path: '/rfm', name: 'rfm', icon: HeatMapOutlined, permission: permissions.rfm },
      { path: '/lifecycle', name: 'lifecycle', icon: FieldTimeOutlined, permission: permissions.rfm },
    ],
  },
  {
    name: 'customers',
    entries: [
      { path: '/members', name: 'members', icon: TeamOutlined, permission: permissions.members },
      { path: '/tags', name: 'tags', icon: TagsOutlined, permission: permissions.tags },
      { path: '/audiences', name: 'audiences', icon: UsergroupAddOutlined, permission: permissions.audiences },
      { path: '/conflicts', name: 'conflicts', icon: ClusterOutlined, permission: permissions.conflicts },
    ],
  },
  { name: 'commerce', entries: [{ path: '/orders', name: 'orders', icon: ShoppingOutlined, permission: permissions.orders }] },
  {
    name: 'intake',
    entries: [
      { path: '/imports', name: 'imports', icon: ImportOutlined, permission: permissions.imports },
      { path: '/events', name: 'events', icon: DatabaseOutlined, permission: permissions.catalogue },
      { path: '/rejected', name: 'rejected', icon: StopOutlined, permission: permissions.rejected },
    ],
  },
  {
    name: 'system',
    entries: [
      { path: '/organization', name: 'organization', icon: ApartmentOutlined, permission: permissions.units },
      { path: '/stores', name: 'stores', icon: ShopOutlined, permission: permissions.units },
      { path: '/staff', name: 'staff', icon: UserOutlined, permission: permissions.staff },
      { path: '/users', name: 'users', icon: SafetyOutlined, permission: permissions.users },
      { path: '/keys', name: 'keys', icon: ApiOutlined, permission: permissions.keys },
      { path: '/audit', name: 'audit', icon: AuditOutlined, permission: permissions.audit },
      { path: '/jobs', name: 'jobs', icon: UnorderedListOutlined, permission: permissions.jobs },
      { path: '/settings', name: 'settings', icon: SettingOutlined, permission: permissions.settings },
    ],
  },
]

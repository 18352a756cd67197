import {
  ApartmentOutlined, NodeIndexOutlined, OrderedListOutlined, IdcardOutlined, MessageOutlined, PictureOutlined, RadarChartOutlined, ApiOutlined, AuditOutlined, BarcodeOutlined, GiftOutlined, ClusterOutlined, CommentOutlined, ContactsOutlined, CustomerServiceOutlined, DatabaseOutlined, FieldTimeOutlined, HeatMapOutlined, ImportOutlined, LineChartOutlined,
  EnvironmentOutlined, ExperimentOutlined, GroupOutlined, PauseCircleOutlined, TrophyOutlined, LinkOutlined, QrcodeOutlined, ScheduleOutlined, UserDeleteOutlined,
  CalendarOutlined, CompressOutlined, PictureFilled, SendOutlined, SolutionOutlined, WechatWorkOutlined,
  SafetyOutlined, SettingOutlined, ShopOutlined, ShoppingOutlined, StopOutlined, SwapOutlined, TagsOutlined, TeamOutlined, UnorderedListOutlined, UsergroupAddOutlined, UserOutlined, WechatOutlined,
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
      { path: '/effects', name: 'effects', icon: TrophyOutlined, permission: permissions.proof },
      { path: '/staff-days', name: 'staffDays', icon: CustomerServiceOutlined, permission: permissions.staffDays },
    ],
  },
  {
    name: 'acquisition',
    entries: [
      { path: '/channel-codes', name: 'channelCodes', icon: QrcodeOutlined, permission: permissions.codes },
      { path: '/group-codes', name: 'groupCodes', icon: GroupOutlined, permission: permissions.codes },
      { path: '/store-codes', name: 'storeCodes', icon: EnvironmentOutlined, permission: permissions.codes },
      { path: '/acquisition-links', name: 'acquisitionLinks', icon: LinkOutlined, permission: permissions.codes },
      { path: '/cards', name: 'cards', icon: GiftOutlined, permission: permissions.cards },
      { path: '/item-codes', name: 'itemCodes', icon: BarcodeOutlined, permission: permissions.items },
      { path: '/acquisition-report', name: 'acquisitionReport', icon: ScheduleOutlined, permission: permissions.acquisitionReport },
    ],
  },
  {
    name: 'customers',
    entries: [
      { path: '/members', name: 'members', icon: TeamOutlined, permission: permissions.members },
      { path: '/contacts', name: 'contacts', icon: ContactsOutlined, permission: permissions.contacts },
      { path: '/tags', name: 'tags', icon: TagsOutlined, permission: permissions.tags },
      { path: '/audiences', name: 'audiences', icon: UsergroupAddOutlined, permission: permissions.audiences },
      { path: '/losses', name: 'losses', icon: UserDeleteOutlined, permission: permissions.losses },
      { path: '/conflicts', name: 'conflicts', icon: ClusterOutlined, permission: permissions.conflicts },
      { path: '/transfers', name: 'transfers', icon: SwapOutlined, permission: permissions.transfers },
    ],
  },
  { name: 'chatGroups', entries: [{ path: '/groups', name: 'chats', icon: CommentOutlined, permission: permissions.chats }] },
  {
    name: 'marketing',
    entries: [
      { path: '/campaigns', name: 'campaigns', icon: SendOutlined, permission: permissions.campaigns },
      { path: '/group-campaigns', name: 'groupCampaigns', icon: WechatWorkOutlined, permission: permissions.campaigns },
      { path: '/moments', name: 'moments', icon: PictureFilled, permission: permissions.campaigns },
      { path: '/touch-rules', name: 'touchRules', icon: CompressOutlined, permission: permissions.touchRules },
      { path: '/marketing-calendar', name: 'marketingCalendar', icon: CalendarOutlined, permission: permissions.campaigns },
      { path: '/touches', name: 'touches', icon: SolutionOutlined, permission: permissions.touches },
    ],
  },
  {
    name: 'automation',
    entries: [
      { path: '/journeys', name: 'journeys', icon: NodeIndexOutlined, permission: permissions.journeys },
      { path: '/sops', name: 'sops', icon: OrderedListOutlined, permission: permissions.journeys },
      { path: '/experiments', name: 'experiments', icon: ExperimentOutlined, permission: permissions.proof },
      { path: '/holdout', name: 'holdout', icon: PauseCircleOutlined, permission: permissions.proof },
    ],
  },
  {
    name: 'content',
    entries: [
      { path: '/materials', name: 'materials', icon: PictureOutlined, permission: permissions.content },
      { path: '/scripts', name: 'scripts', icon: MessageOutlined, permission: permissions.content },
      { path: '/personas', name: 'personas', icon: IdcardOutlined, permission: permissions.content },
      { path: '/radar', name: 'radar', icon: RadarChartOutlined, permission: permissions.radar },
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
      { path: '/accounts', name: 'accounts', icon: WechatOutlined, permission: permissions.accounts },
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

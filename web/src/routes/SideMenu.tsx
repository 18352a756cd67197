import { Menu } from 'antd'
import { createElement, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'react-router'

import { useCan } from '@/lib/session'

import { menu } from './menu'

/** The entries this person may open. */
export function SideMenu({ onChoose }: { onChoose?: () => void }) {
  const { t } = useTranslation()
  const can = useCan()
  const here = `/${useLocation().pathname.split('/')[1] ?? ''}`
  const groups = menu
    .map((group) => ({ ...group, entries: group.entries.filter((entry) => can(entry.permission)) }))
    .filter((group) => group.entries.length > 0)
  const holder = useRef<HTMLDivElement>(null)
  // The menu is longer than a screen: whoever follows a link sees where they are.
  useEffect(() => {
    holder.current?.querySelector('.ant-menu-item-selected')?.scrollIntoView({ block: 'nearest' })
  }, [here])
  return (
    <div ref={holder}><Menu
      theme="dark"
      mode="inline"
      selectedKeys={[here]}
      onClick={onChoose}
      style={{ borderInlineEnd: 'none', paddingBottom: 24 }}
      items={groups.map((group) => ({
        key: group.name,
        type: 'group' as const,
        label: t(`menu.${group.name}`),
        children: group.entries.map((entry) => ({
          key: entry.path,
          icon: createElement(entry.icon, { 'aria-hidden': true }),
          label: <Link to={entry.path}>{t(`menu.${entry.name}`)}</Link>,
        })),
      }))}
    /></div>
  )
}

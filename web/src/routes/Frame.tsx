import { MenuOutlined } from '@ant-design/icons'
import { Button, Drawer } from 'antd'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Logo } from '@/design/Logo'
import { useIsPhone } from '@/design/media'
import { colours } from '@/design/tokens'
import { useSession } from '@/lib/session'

import { AccountMenu } from './AccountMenu'
import styles from './Frame.module.css'
import { LabStrip } from './LabStrip'
import { SideMenu } from './SideMenu'

/** Menu at the left, workspace and account on top; on a phone the menu is a drawer. */
export function Frame({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const { workspace } = useSession()
  const isPhone = useIsPhone()
  const [open, setOpen] = useState(false)
  const brand = (
    <Link to="/" className={styles.brand} onClick={() => setOpen(false)}>
      <Logo />
      <span className={styles.brandName}>活水<small>Wellspring</small></span>
    </Link>
  )
  return (
    <div className={styles.frame}>
      <a href="#content" className={styles.skip}>{t('skip')}</a>
      {!isPhone && (
        <nav className={styles.side} aria-label={t('menuLabel')}>
          {brand}
          <SideMenu />
        </nav>
      )}
      <div className={styles.main}>
        <header className={styles.top}>
          {isPhone && <Button type="text" icon={<MenuOutlined />} aria-label={t('menuLabel')} onClick={() => setOpen(true)} />}
          <span className={styles.workspace}>{workspace.name}</span>
          {workspace.is_demo && <span className={styles.demo}>{t('demo')}</span>}
          <span className={styles.grow} />
          {workspace.lab && <LabStrip />}
          <AccountMenu />
        </header>
        <main id="content" className={styles.content} tabIndex={-1}>{children}</main>
      </div>
      {isPhone && (
        <Drawer open={open} placement="left" size={248} onClose={() => setOpen(false)} closable={false}
          styles={{ body: { padding: 0, background: colours.wellNight } }}>
          {brand}
          <SideMenu onChoose={() => setOpen(false)} />
        </Drawer>
      )}
    </div>
  )
}

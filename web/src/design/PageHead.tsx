import { ArrowLeftOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useEffect } from 'react'
import { Link } from 'react-router'

import styles from './PageHead.module.css'

type Props = { title: ReactNode; name?: string; subtitle?: ReactNode; actions?: ReactNode; back?: { to: string; label: string } }

/** Title, one line on what the page is for, and its main actions. */
export function PageHead({ title, name, subtitle, actions, back }: Props) {
  const tab = name ?? (typeof title === 'string' ? title : '')
  useEffect(() => {
    document.title = tab ? `${tab} · 活水 Wellspring` : '活水 Wellspring'
  }, [tab])
  return (
    <header className={styles.head}>
      <div className={styles.words}>
        {back && (
          <Link to={back.to} className={styles.back}>
            <Button type="text" size="small" icon={<ArrowLeftOutlined />} tabIndex={-1}>{back.label}</Button>
          </Link>
        )}
        <h1 className={styles.title}>{title}</h1>
        {subtitle && <p className={styles.subtitle}>{subtitle}</p>}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </header>
  )
}

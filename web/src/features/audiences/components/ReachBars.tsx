import { useTranslation } from 'react-i18next'

import { useFormat } from '@/lib/session'

import { useTexts } from '../builder/useTexts'
import styles from './audiences.module.css'

/** How many of a group of members can be reached in each channel, the largest first. */
export function ReachBars({ reach, of }: { reach: Record<string, number>; of: number }) {
  const { t } = useTranslation('audiences')
  const { count, share } = useFormat()
  const texts = useTexts()
  const rows = Object.entries(reach).toSorted(([, one], [, two]) => two - one)
  if (rows.length === 0) return <span className="faint">{t('reach.none')}</span>
  return (
    <ul className={styles.bars} aria-label={t('reach.title')}>
      {rows.map(([channel, held]) => (
        <li key={channel}>
          <span>{texts.channel(channel)}</span>
          <span className={styles.bar}><i style={{ inlineSize: `${of ? (held / of) * 100 : 0}%` }} /></span>
          <span className="num">{count(held)} <small className="faint">{share(of ? held / of : null)}</small></span>
        </li>
      ))}
    </ul>
  )
}

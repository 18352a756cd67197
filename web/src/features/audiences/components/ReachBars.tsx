import { useTranslation } from 'react-i18next'

import { useFormat } from '@/lib/session'

import { useTexts } from '../builder/useTexts'
import styles from './audiences.module.css'

/** How many of a group of members can be reached in each channel, the largest first. */
export function ReachBars({ reach, of }: { reach: Record<string, number>; of: number }) {
  const { t } = useTranslation('audiences')
  const { count, share } = useFormat()
  const texts = useTexts()
  const rows = Object.entries(reach).filter(([, held]) => held > 0).toSorted(([, one], [, two]) => two - one)
  const others = Object.keys(reach).filter((channel) => !reach[channel]).map(texts.channel)
  if (rows.length === 0) return <span className="faint">{t('reach.none')}</span>
  return (
    <>
    <ul className={styles.bars} aria-label={t('reach.title')}>
      {rows.map(([channel, held]) => (
        <li key={channel}>
          <span>{texts.channel(channel)}</span>
          <span className={styles.bar}><i style={{ inlineSize: `${of ? (held / of) * 100 : 0}%` }} /></span>
          <span className="num">{count(held)} <small className="faint">{share(of ? held / of : null)}</small></span>
        </li>
      ))}
    </ul>
    {others.length > 0 && <p className="faint" style={{ fontSize: 12, marginTop: 8 }}>{t('reach.others', { channels: others.join(t('listComma')) })}</p>}
    </>
  )
}

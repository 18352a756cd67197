import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Panel } from '@/design/Panel'
import { colours } from '@/design/tokens'
import { useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'

import { ofSquare, scores, squares, strength, type Square } from '../grid'
import type { Rfm, Wish } from '../rhythms'
import styles from './rhythms.module.css'

type Measure = 'members' | 'net_minor'

/** Recency by frequency, painted by members or by revenue; a square becomes an audience. */
export function HeatMap({ rfm, onWish }: { rfm: Rfm; onWish?: (wish: Wish) => void }) {
  const { t, i18n } = useTranslation('rfm')
  const { count, moneyShort } = useFormat()
  const [measure, setMeasure] = useState<Measure>('members')
  const [monetary, setMonetary] = useState<number>(0)
  const rows = squares(rfm.cells, monetary || null)
  const most = Math.max(...rows.flat().map((square) => square[measure]))
  const segment = (code: string | undefined) => bilingual(rfm.segments.find((each) => each.code === code) ?? {}, i18n.language)
  const name = (square: Square) => `R${square.recency} F${square.frequency}${square.monetary ? ` M${square.monetary}` : ''}`
  const paint = (square: Square) => {
    const part = strength(square[measure], most)
    return { background: `color-mix(in srgb, ${colours.well} ${Math.round(part * 88)}%, ${colours.lineSoft})`, color: part > 0.72 ? colours.paper : colours.ink }
  }
  const cell = (square: Square) => (
    <button
      key={square.frequency}
      type="button"
      className={styles.square}
      style={paint(square)}
      disabled={!onWish || square.members === 0}
      aria-label={t('square', { name: name(square), members: count(square.members), amount: moneyShort(square.net_minor), segment: segment(square.segments[0]) })}
      onClick={() => onWish?.({ name: `RFM ${name(square)}`, definition: ofSquare(square), members: square.members })}
    >
      <b>{square.members === 0 ? '' : measure === 'members' ? count(square.members) : moneyShort(square.net_minor)}</b>
      <span>{segment(square.segments[0])}</span>
    </button>
  )
  return (
    <Panel
      title={t('grid')}
      extra={<Segmented<Measure> size="small" value={measure} onChange={setMeasure} options={[{ value: 'members', label: t('byMembers') }, { value: 'net_minor', label: t('byRevenue') }]} />}
    >
      <div className="row" style={{ marginBottom: 12 }}>
        <span className="soft">{t('monetary')}</span>
        <Segmented<number> size="small" value={monetary} onChange={setMonetary} options={[{ value: 0, label: t('every') }, ...scores.map((score) => ({ value: score as number, label: `M${score}` }))]} />
      </div>
      <div className={styles.board} role="group" aria-label={t('grid')}>
        {rows.map((row) => [<div key={`r${row[0]?.recency}`} className={styles.axis}>R{row[0]?.recency}</div>, ...row.map(cell)])}
        <div className={styles.axis} />
        {scores.map((score) => <div key={score} className={styles.axis}>F{score}</div>)}
      </div>
      <p className={styles.caption}>{t('axes')}</p>
    </Panel>
  )
}

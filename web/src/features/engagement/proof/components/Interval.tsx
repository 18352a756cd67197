import { colours } from '@/design/tokens'

import styles from './proof.module.css'

type Props = { low: number; value: number; high: number; reach: [number, number]; label: string; wanted?: boolean }

/** An estimate with its interval on a line that all rows of a table share; 0 is marked. */
export function Interval({ low, value, high, reach: [least, most], label, wanted = true }: Props) {
  const place = (at: number) => `${(100 * (Math.min(Math.max(at, least), most) - least)) / (most - least)}%`
  const isSure = low > 0 || high < 0
  const isGood = value > 0 === wanted
  const colour = !isSure ? colours.inkFaint : isGood ? colours.well : colours.clay
  return (
    <svg className={styles.interval} role="img" aria-label={label}>
      <title>{label}</title>
      <line x1={place(0)} x2={place(0)} y1="2" y2="22" stroke={colours.inkGhost} strokeDasharray="2 2" />
      <line x1={place(low)} x2={place(high)} y1="12" y2="12" stroke={colour} strokeWidth="2" />
      <line x1={place(low)} x2={place(low)} y1="7" y2="17" stroke={colour} strokeWidth="2" />
      <line x1={place(high)} x2={place(high)} y1="7" y2="17" stroke={colour} strokeWidth="2" />
      <circle cx={place(value)} cy="12" r="4.5" fill={colour} />
    </svg>
  )
}

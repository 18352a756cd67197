import { useTranslation } from 'react-i18next'

import { useIsPhone } from '@/design/media'
import { colours } from '@/design/tokens'
import { useFormat } from '@/lib/session'

import type { Overlap } from '../types'
import { barHeight, COLUMNS_MAX, columnAt, columnsOf, desk, heightOf, phone, rowAt, spanOf, widthOf } from '../upset'
import styles from './audiences.module.css'

const short = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text)

/** How audiences overlap: each bar is who is in exactly the dotted ones. */
export function UpSet({ overlap }: { overlap: Overlap }) {
  const { t } = useTranslation('audiences')
  const { count } = useFormat()
  const isPhone = useIsPhone()
  const plan = isPhone ? phone : desk
  const columns = columnsOf(overlap).slice(0, COLUMNS_MAX)
  const order = overlap.sizes.map((each) => each.id)
  const most = columns[0]?.count ?? 0
  const largest = Math.max(1, ...overlap.sizes.map((each) => each.count))
  const [width, height, floor] = [widthOf(plan, columns.length), heightOf(plan, order.length), plan.gap + plan.bars]
  return (
    <div className={styles.upset}>
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t('overlap.title')} data-testid="upset">
        {overlap.sizes.map((each, row) => (
          <g key={each.id}>
            {row % 2 === 0 && <rect x={0} y={rowAt(plan, row) - plan.row / 2} width={width} height={plan.row} fill={colours.ground} />}
            <text x={4} y={rowAt(plan, row) + 4}>{short(each.name, isPhone ? 7 : 13)}<title>{each.name}</title></text>
            {!isPhone && <rect x={plan.label - 30} y={rowAt(plan, row) - 5} width={Math.max(1, (each.count / largest) * 60)} height={10} rx={2} fill={colours.wellLine} />}
            <text x={plan.label + plan.size - 12} y={rowAt(plan, row) + 4} textAnchor="end" className={styles.quiet}>{count(each.count)}</text>
          </g>
        ))}
        <line x1={plan.label + plan.size - 4} x2={width} y1={floor} y2={floor} stroke={colours.line} />
        {columns.map((column, index) => {
          const [x, tall, [first, last]] = [columnAt(plan, index), barHeight(plan, column.count, most), spanOf(column, order)]
          return (
            <g key={column.ids.join()}>
              <title>{`${column.ids.map((id) => overlap.sizes.find((each) => each.id === id)?.name).join(' ∩ ')}：${count(column.count)}`}</title>
              <rect x={x - 11} y={floor - tall} width={22} height={tall} rx={3} fill={column.ids.length > 1 ? colours.well : colours.spring} />
              <text x={x} y={floor - tall - 6} textAnchor="middle">{count(column.count)}</text>
              {order.map((id, row) => <circle key={id} cx={x} cy={rowAt(plan, row)} r={plan.dot} fill={column.ids.includes(id) ? colours.well : colours.line} />)}
              {first !== last && <line x1={x} x2={x} y1={rowAt(plan, first)} y2={rowAt(plan, last)} stroke={colours.well} strokeWidth={3} />}
            </g>
          )
        })}
      </svg>
    </div>
  )
}

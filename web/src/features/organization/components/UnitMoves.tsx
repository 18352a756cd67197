import { Timeline } from 'antd'
import { useTranslation } from 'react-i18next'

import { Empty } from '@/design/Empty'
import { ProblemNote } from '@/design/ProblemNote'

import { useUnitMoves } from '../queries'

/** Where a unit belonged, and since when. */
export function UnitMoves({ id }: { id: string }) {
  const { t } = useTranslation('organization')
  const moves = useUnitMoves(id)
  if (moves.error) return <ProblemNote problem={moves.error} />
  if (moves.data?.rows.length === 0) return <Empty small title={t('unit.noMoves')} />
  return (
    <Timeline
      style={{ marginTop: 12 }}
      items={moves.data?.rows.map((move) => ({
        key: move.id,
        content: <><strong className="num">{move.effective_on}</strong> {t('unit.under', { name: move.parent_name ?? '–' })}</>,
      }))}
    />
  )
}

import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'

import type { Rfm, RfmMovement } from '../rhythms'

const SHOWN_MAX = 12

/** From which segment to which members went since the day of comparison. */
export function MovementList({ rfm }: { rfm: Rfm }) {
  const { t, i18n } = useTranslation('rfm')
  const { count } = useFormat()
  const name = (code: string | null) => (code === null ? t('outside') : bilingual(rfm.segments.find((each) => each.code === code) ?? {}, i18n.language))
  const way = (each: RfmMovement) => `${name(each.came_from)} → ${name(each.went_to)}`
  return (
    <Panel title={rfm.compared_on ? t('movementsSince', { day: rfm.compared_on }) : t('movements')} flush>
      <DataTable<RfmMovement>
        size="small"
        label={t('movements')}
        rows={rfm.movements.slice(0, SHOWN_MAX)}
        rowKey={way}
        empty={<Empty small title={t('noMovements')} />}
        columns={[
          { title: t('movement'), render: (_, each) => way(each) },
          { title: t('members'), align: 'right', render: (_, each) => <span className="num">{count(each.members)}</span> },
        ]}
        card={(each) => <RowCard title={way(each)} side={count(each.members)} lines={[]} />}
      />
    </Panel>
  )
}

import { Breadcrumb, Button, Space, Tabs } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Facts } from '@/design/Facts'
import { Mark } from '@/design/Mark'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { useUnit } from '../queries'
import { findUnit, pathOf } from '../tree'
import type { UnitNode } from '../types'
import { HoursTable } from './HoursTable'
import { MoveDrawer } from './MoveDrawer'
import { StaffTable } from './StaffTable'
import { UnitDrawer } from './UnitDrawer'
import { UnitMoves } from './UnitMoves'

/** One unit: where it is, when it is open, who works there, where it used to belong. */
export function UnitSheet({ id, tree }: { id: string; tree: UnitNode[] }) {
  const { t } = useTranslation('organization')
  const { count } = useFormat()
  const can = useCan()
  const unit = useUnit(id)
  const node = findUnit(tree, id)
  const [dialog, setDialog] = useState<'edit' | 'move' | null>(null)
  if (unit.error) return <Panel><ProblemNote problem={unit.error} retry={() => void unit.refetch()} /></Panel>
  if (!unit.data) return <Panel>…</Panel>
  const known = unit.data
  const place = known.longitude !== null && known.latitude !== null ? `${known.longitude}, ${known.latitude}` : undefined
  const acts = can(permissions.unitWrite) && (
    <Space>
      {known.parent_id && <Button onClick={() => setDialog('move')}>{t('unit.move')}</Button>}
      <Button onClick={() => setDialog('edit')}>{t('edit')}</Button>
    </Space>
  )
  return (
    <Panel title={<Space>{known.name}<Mark tone="well">{t(`kinds.${known.kind}`)}</Mark>{known.closed_on && <Mark tone="bad">{t('closed')}</Mark>}</Space>} extra={acts}>
      <Breadcrumb items={pathOf(tree, id).map((each) => ({ title: each.name }))} style={{ marginBottom: 12 }} />
      <Tabs
        items={[
          {
            key: 'facts',
            label: t('unit.facts'),
            children: (
              <Facts
                columns={2}
                facts={[
                  { label: t('unit.code'), value: <span className="mono">{known.code}</span> },
                  { label: t('unit.phone'), value: known.phone },
                  { label: t('unit.address'), value: known.address },
                  { label: t('unit.place'), value: place },
                  { label: t('unit.staffCount'), value: count(node?.staff_count) },
                  known.closed_on ? { label: t('unit.closedOn'), value: known.closed_on } : null,
                ]}
              />
            ),
          },
          ...(known.kind === 'store' ? [{ key: 'hours', label: t('unit.hours'), children: <HoursTable hours={known.opening_hours} /> }] : []),
          ...(can(permissions.staff) ? [{ key: 'staff', label: t('unit.staff'), children: <StaffTable filter={{ unit_id: id }} /> }] : []),
          { key: 'moves', label: t('unit.moves'), children: <UnitMoves id={id} /> },
        ]}
      />
      {dialog === 'edit' && <UnitDrawer unit={known} onClose={() => setDialog(null)} />}
      {dialog === 'move' && <MoveDrawer kind="unit" id={id} name={known.name} from={known.parent_id ?? undefined} onClose={() => setDialog(null)} />}
    </Panel>
  )
}

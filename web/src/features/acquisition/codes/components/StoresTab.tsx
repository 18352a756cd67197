import { Drawer } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { StaffNames } from '@/features/organization/pickers/StaffNames'
import { UnitName } from '@/features/organization/pickers/UnitName'

import type { Code, Way } from '../types'
import { QrBox } from './QrBox'
import { StandingMark } from './StandingMark'

/** The stores that a code leads to, each with its own picture. */
export function StoresTab({ code }: { code: Code }) {
  const { t } = useTranslation('codes')
  const [open, setOpen] = useState<Way | null>(null)
  const ways = code.ways.filter((way) => way.standing !== 'gone')
  return (
    <Panel flush>
      <DataTable<Way>
        label={t('tabs.stores')}
        rows={ways}
        rowKey={(way) => way.id}
        onOpen={setOpen}
        empty={<Empty small title={t('storesSoon')} />}
        columns={[
          { title: t('fields.store'), render: (_, way) => <UnitName id={way.unit_id} /> },
          { title: t('fields.standing'), render: (_, way) => <StandingMark standing={way.standing} problem={way.problem} /> },
          { title: t('fields.serving'), render: (_, way) => (way.staff_ids.length ? <StaffNames ids={way.staff_ids} /> : t('nobody')) },
          { title: t('fields.trace'), render: (_, way) => <span className="mono">{way.state}</span> },
        ]}
        card={(way) => <RowCard title={<UnitName id={way.unit_id} />} side={t('people', { count: way.staff_ids.length })} lines={[<StandingMark key="s" standing={way.standing} problem={way.problem} />]} />}
      />
      <Drawer open={open !== null} title={open && <UnitName id={open.unit_id} />} onClose={() => setOpen(null)} size={320}>{open && <QrBox code={code} way={open.id} />}</Drawer>
    </Panel>
  )
}

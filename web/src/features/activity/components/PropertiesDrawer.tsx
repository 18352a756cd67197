import { Drawer, Space } from 'antd'
import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Mark } from '@/design/Mark'
import { useFormat } from '@/lib/session'
import { plain } from '@/lib/text'
import { named } from '@/lib/words'

import { useProperties } from '../queries'
import type { EventProperty } from '../types'

/** The properties of one kind of event, with each type they came with. */
export function PropertiesDrawer({ kind, onClose }: { kind: string; onClose: () => void }) {
  const { t } = useTranslation('activity')
  const { count, instant } = useFormat()
  const properties = useProperties(kind)
  const types = (each: EventProperty) => (
    <Space size={4} wrap>
      {Object.entries(each.types).map(([type, times]) => (
        <span key={type} title={instant(each.last_seen_at[type])}><Mark tone={each.drift ? 'warn' : 'well'}>{named(t, 'types', type)} {count(times)}</Mark></span>
      ))}
    </Space>
  )
  const samples = (each: EventProperty) => <span className="soft">{each.sample_values.slice(0, 4).map(plain).join('、') || '–'}</span>
  return (
    <Drawer open size={Math.min(720, window.innerWidth)} title={kind} onClose={onClose} styles={{ body: { padding: 0 } }}>
      <DataTable<EventProperty>
        size="small"
        label={kind}
        rows={properties.data?.rows}
        rowKey={(each) => each.name}
        problem={properties.error}
        retry={() => void properties.refetch()}
        empty={<Empty small title={t('catalogue.noProperties')} />}
        minWidth={480}
        columns={[
          { title: t('catalogue.property'), render: (_, each) => <span className="mono">{each.name}</span> },
          { title: t('catalogue.types'), render: (_, each) => types(each) },
          { title: t('catalogue.samples'), render: (_, each) => samples(each) },
        ]}
      />
    </Drawer>
  )
}

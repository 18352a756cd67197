import { Spin } from 'antd'
import { useTranslation } from 'react-i18next'

import { Facts } from '@/design/Facts'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { useFormat } from '@/lib/session'
import { named } from '@/lib/words'

import { useSystem } from '../queries'

export function SystemPanel() {
  const { t } = useTranslation('console')
  const { bytes, count, instant } = useFormat()
  const system = useSystem()
  if (system.error) return <ProblemNote problem={system.error} retry={() => void system.refetch()} />
  if (!system.data) return <Spin />
  const known = system.data
  const number = (value: number) => <span className="num">{count(value)}</span>
  return (
    <div className="two">
      <Panel title={t('system.versions')}>
        <Facts
          facts={[
            ...Object.entries(known.versions).map(([name, version]) => ({ label: named(t, 'system.names', name), value: version })),
            ...Object.entries(known.stores).map(([name, engine]) => ({ label: named(t, 'system.stores', name), value: engine })),
            ...Object.entries(known.sizes).map(([name, size]) => ({ label: t('system.size', { name: named(t, 'system.stores', name) }), value: bytes(size) })),
            { label: t('system.clock'), value: instant(known.now, 'second') },
            { label: t('system.key'), value: <span className="mono">{known.key_id}</span> },
          ]}
        />
      </Panel>
      <Panel title={t('system.work')}>
        <Facts
          facts={[
            { label: t('system.watermark'), value: <span className="num">{count(known.watermark)}</span> },
            ...Object.entries(known.jobs).map(([state, length]) => ({ label: t('system.jobs', { state: named(t, 'jobs.states', state) }), value: number(length) })),
            ...Object.entries(known.undelivered).map(([name, length]) => ({ label: t('system.undelivered', { name }), value: number(length) })),
            { label: t('system.putAside'), value: number(known.put_aside) },
            ...Object.entries(known.log_rows).map(([name, rows]) => ({ label: t('system.rows', { name: named(t, 'system.tables', name) }), value: number(rows) })),
          ]}
        />
      </Panel>
    </div>
  )
}

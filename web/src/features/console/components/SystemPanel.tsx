import { Spin } from 'antd'
import { useTranslation } from 'react-i18next'

import { Facts } from '@/design/Facts'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { useFormat } from '@/lib/session'

import { useSystem } from '../queries'

export function SystemPanel() {
  const { t } = useTranslation('console')
  const { bytes, count, instant } = useFormat()
  const system = useSystem()
  if (system.error) return <ProblemNote problem={system.error} retry={() => void system.refetch()} />
  if (!system.data) return <Spin />
  const known = system.data
  return (
    <div className="two">
      <Panel title={t('system.versions')}>
        <Facts
          facts={[
            { label: 'Wellspring', value: known.version },
            ...known.stores.map((store) => ({ label: t(`system.stores.${store.name}`, { defaultValue: store.name }), value: `${store.engine} ${store.version} · ${bytes(store.bytes)}` })),
            { label: t('system.clock'), value: instant(known.clock, 'second') },
          ]}
        />
      </Panel>
      <Panel title={t('system.work')}>
        <Facts
          facts={[
            { label: t('system.watermark'), value: <span className="num">{count(known.watermark)}</span> },
            ...Object.entries(known.queues).map(([name, length]) => ({ label: t(`system.queues.${name}`, { defaultValue: name }), value: <span className="num">{count(length)}</span> })),
          ]}
        />
      </Panel>
    </div>
  )
}

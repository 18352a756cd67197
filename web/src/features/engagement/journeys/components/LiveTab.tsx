import { Alert } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { Panel } from '@/design/Panel'
import { Stat, Stats } from '@/design/Stat'
import { useFormat } from '@/lib/session'

import { ENTRY, graphOf } from '../model'
import { useStanding, useVersions } from '../queries'
import type { Flow, Journey } from '../types'
import { useReason, useSaying } from '../words'
import { Canvas } from './Canvas'
import styles from './journeys.module.css'
import { WhoPanel } from './WhoPanel'

/** The running version with how many stand where; a node that is chosen says who, since when and why. */
export function LiveTab({ journey }: { journey: Journey }) {
  const { t } = useTranslation('journeys')
  const { count, share, instant } = useFormat()
  const reason = useReason()
  const say = useSaying()
  const standing = useStanding(journey.id)
  const versions = useVersions(journey.id)
  const [chosen, setChosen] = useState<string>()
  const running = versions.data?.[0]
  const graph = graphOf(running?.graph)
  const name = (node: string) => (node === '' ? t('outside') : node === '@goal' ? t('goal') : graph.nodes[node]?.name || (graph.nodes[node] ? say.short(graph.nodes[node]) : node))
  const flows = standing.data?.flows.filter((flow) => !chosen || chosen === ENTRY || flow.from_node === chosen || flow.to_node === chosen)
  return (
    <>
      <Stats columns={4}>
        <Stat label={t('inside')} value={count(journey.inside)} />
        <Stat label={t('entered')} value={count(journey.entered)} />
        <Stat label={t('converted')} value={count(journey.converted)} note={journey.entered ? share(journey.converted / journey.entered) : undefined} definition={t('convertedHint')} />
        <Stat label={t('version')} value={journey.version} note={standing.data?.at ? t('asOf', { at: instant(standing.data.at, 'second') }) : undefined} />
      </Stats>
      {Boolean(standing.data?.days_skipped) && <Alert type="warning" showIcon style={{ marginTop: 16 }} title={t('daysSkipped', { total: count(standing.data?.days_skipped ?? 0) })} />}
      <div className={styles.desk} style={{ marginTop: 16 }}>
        {running ? <Canvas graph={graph} chosen={chosen} onChoose={setChosen} standing={standing.data} /> : <div />}
        <Panel flush title={chosen && chosen !== ENTRY ? name(chosen) : t('flows')}>
          <DataTable<Flow> label={t('flows')} size="small" rows={flows} rowKey={(flow) => `${flow.version}.${flow.from_node}.${flow.to_node}.${flow.reason}`} problem={standing.error} empty={<p className="soft" style={{ padding: 16 }}>{t('noFlows')}</p>} minWidth={300}
            columns={[
              { title: t('step'), render: (_, flow) => <span>{name(flow.from_node)} → {name(flow.to_node)}<div className="faint">{reason(flow.reason)}{flow.version === journey.version ? '' : ` · v${flow.version}`}</div></span> },
              { title: t('times'), align: 'right', render: (_, flow) => <strong className="num">{count(flow.times)}</strong> },
            ]} />
        </Panel>
      </div>
      {chosen && chosen !== ENTRY && <WhoPanel journey={journey} node={chosen} name={name} />}
    </>
  )
}

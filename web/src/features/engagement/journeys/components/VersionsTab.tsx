import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { useFormat } from '@/lib/session'

import { graphOf } from '../model'
import { useVersions } from '../queries'
import type { Journey, Version } from '../types'
import { useSaying } from '../words'
import { Canvas } from './Canvas'

/** What was published when, by whom, and who is still on it. */
export function VersionsTab({ journey }: { journey: Journey }) {
  const { t } = useTranslation('journeys')
  const { count, instant, list } = useFormat()
  const say = useSaying()
  const found = useVersions(journey.id)
  const [shown, setShown] = useState<Version>()
  const name = (one: Version, node: string) => {
    // A plan speaks of the nodes of the version before.
    const was = graphOf(found.data?.find((each) => each.version === one.version - 1)?.graph).nodes[node]
    return was ? was.name || say.short(was) : node
  }
  const plan = (one: Version) => list(Object.entries(one.plan).map(([node, fate]) => `${name(one, node)} ${t(`fate.${(fate as { fate: string }).fate}`)}`)) || '–'
  return (
    <>
      <Panel flush title={t('tab.versions')}>
        <DataTable<Version> label={t('tab.versions')} rows={found.data} rowKey={(one) => String(one.version)} problem={found.error} onOpen={setShown} empty={<p className="soft" style={{ padding: 16 }}>{t('noVersions')}</p>}
          columns={[
            { title: t('version'), render: (_, one) => <strong>v{one.version}</strong> },
            { title: t('publishedAt'), render: (_, one) => <span className="num">{instant(one.at)}</span> },
            { title: t('inside'), align: 'right', render: (_, one) => count(one.inside) },
            { title: t('note'), render: (_, one) => one.note || '–' },
            { title: t('plan.title'), render: (_, one) => plan(one) },
          ]}
          card={(one) => <RowCard title={`v${one.version}`} side={<span className="num">{instant(one.at)}</span>} lines={[`${t('inside')} ${count(one.inside)}${one.note ? ` · ${one.note}` : ''}`, Object.keys(one.plan).length > 0 && plan(one)]} />} />
      </Panel>
      {shown && <Panel title={`v${shown.version}`} style={{ marginTop: 16 }}><Canvas graph={graphOf(shown.graph)} onChoose={() => undefined} /></Panel>}
    </>
  )
}

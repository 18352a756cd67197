import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { Panel } from '@/design/Panel'
import { useFormat } from '@/lib/session'

import { graphOf } from '../model'
import { useVersions } from '../queries'
import type { Journey, Version } from '../types'
import { Canvas } from './Canvas'

/** What was published when, by whom, and who is still on it. */
export function VersionsTab({ journey }: { journey: Journey }) {
  const { t } = useTranslation('journeys')
  const { count, instant } = useFormat()
  const found = useVersions(journey.id)
  const [shown, setShown] = useState<Version>()
  return (
    <>
      <Panel flush title={t('tab.versions')}>
        <DataTable<Version> label={t('tab.versions')} rows={found.data} rowKey={(one) => String(one.version)} problem={found.error} onOpen={setShown} empty={<p className="soft" style={{ padding: 16 }}>{t('noVersions')}</p>}
          columns={[
            { title: t('version'), render: (_, one) => <strong>v{one.version}</strong> },
            { title: t('publishedAt'), render: (_, one) => <span className="num">{instant(one.at)}</span> },
            { title: t('inside'), align: 'right', render: (_, one) => count(one.inside) },
            { title: t('note'), render: (_, one) => one.note || '–' },
            { title: t('plan.title'), render: (_, one) => Object.entries(one.plan).map(([node, fate]) => `${node} ${t(`fate.${(fate as { fate: string }).fate}`)}`).join('、') || '–' },
          ]} />
      </Panel>
      {shown && <Panel title={`v${shown.version}`} style={{ marginTop: 16 }}><Canvas graph={graphOf(shown.graph)} onChoose={() => undefined} /></Panel>}
    </>
  )
}

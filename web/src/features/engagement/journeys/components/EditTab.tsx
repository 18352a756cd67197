import { SaveOutlined } from '@ant-design/icons'
import { Button, Space } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useNotice } from '@/design/notice'
import { useIsPhone } from '@/design/media'
import { useLeaveGuard } from '@/design/useLeaveGuard'
import { permissions } from '@/lib/permissions'
import { useCan } from '@/lib/session'

import { added, ENTRY, graphOf, kinds } from '../model'
import { useFaults, useSaveJourney } from '../queries'
import type { Graph, Journey, Sop } from '../types'
import { Canvas } from './Canvas'
import { EntryPanel } from './EntryPanel'
import { Inspector } from './Inspector'
import styles from './journeys.module.css'
import { SopForm } from './SopForm'

/** The canvas with the settings of what is chosen; an SOP has its list instead. */
export function EditTab({ journey }: { journey: Journey }) {
  return journey.kind === 'journey' ? <CanvasEditor journey={journey} /> : <SopEditor journey={journey} />
}

function CanvasEditor({ journey }: { journey: Journey }) {
  const { t } = useTranslation('journeys')
  const can = useCan()
  const isPhone = useIsPhone()
  const { done, refused } = useNotice()
  const save = useSaveJourney()
  const [graph, setGraph] = useState<Graph>(() => graphOf(journey.draft))
  const [isDirty, setDirty] = useState(false)
  const [chosen, setChosen] = useState<string | undefined>(ENTRY)
  const faults = useFaults(useDeferredValue(graph))
  useLeaveGuard(isDirty)
  const isEditor = can(permissions.journeyWrite) && journey.state !== 'stopped'
  const change = isEditor ? (next: Graph) => { setGraph(next); setDirty(true) } : undefined
  const keep = () =>
    save.mutate({ id: journey.id, revision: journey.revision, name: journey.name, description: journey.description, draft: graph }, { onSuccess: () => { setDirty(false); done(t('common:saved')) }, onError: refused })
  const wrong = faults.data?.filter((fault) => !fault.is_warning).length ?? 0
  return (
    <>
      {change && (
        <div className={styles.palette} role="toolbar" aria-label={t('palette')}>
          {!isPhone && kinds.map((kind) => <Button key={kind} size="small" onClick={() => { const [next, id] = added(graph, kind, chosen); change(next); setChosen(id) }}>+ {t(`kind.${kind}`)}</Button>)}
          <Space style={{ marginInlineStart: 'auto' }}>
            <span className="soft">{wrong ? t('faults', { count: wrong }) : t('sound')}</span>
            <Button type="primary" icon={<SaveOutlined />} disabled={!isDirty} loading={save.isPending} onClick={keep}>{t('common:save')}</Button>
          </Space>
        </div>
      )}
      <div className={styles.desk}>
        <Canvas graph={graph} onChange={change} chosen={chosen} onChoose={setChosen} faults={faults.data} />
        {chosen && chosen !== ENTRY
          ? <Inspector graph={graph} id={chosen} onChange={change} onChoose={setChosen} faults={faults.data} />
          : <EntryPanel graph={graph} onChange={change} onChoose={setChosen} faults={faults.data} />}
      </div>
    </>
  )
}

function SopEditor({ journey }: { journey: Journey }) {
  const { t } = useTranslation('journeys')
  const { done, refused } = useNotice()
  const save = useSaveJourney()
  const keep = (sop: Sop) =>
    save.mutate({ id: journey.id, revision: journey.revision, name: journey.name, description: journey.description, sop }, { onSuccess: () => done(t('common:saved')), onError: refused })
  return <SopForm kind={journey.kind} initial={(journey.sop ?? { steps: [] }) as unknown as Sop} saving={save.isPending} onSave={keep} />
}

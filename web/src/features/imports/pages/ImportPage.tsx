import { Spin } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'

import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'

import { ImportMark } from '../components/ImportMark'
import { MappingStep } from '../components/MappingStep'
import { ProgressStep } from '../components/ProgressStep'
import { ReportStep } from '../components/ReportStep'
import { ResultStep } from '../components/ResultStep'
import { WizardSteps } from '../components/WizardSteps'
import { useDryRun, useImport, useImportKinds, useStart, type Plan } from '../queries'
import type { ImportDetail, ImportKind } from '../types'

function Preparing({ run, kind }: { run: ImportDetail; kind: ImportKind }) {
  const [plan, setPlan] = useState<Plan | null>(null)
  const dryRun = useDryRun(run.id)
  const start = useStart(run.id)
  if (plan && dryRun.data) {
    return (
      <>
        <WizardSteps at={2} />
        <ReportStep report={dryRun.data} run={run} starting={start.isPending} problem={start.error} onBack={() => dryRun.reset()} onStart={() => start.mutate(plan)} />
      </>
    )
  }
  const check = (chosen: Plan) => {
    setPlan(chosen)
    dryRun.mutate(chosen)
  }
  return (
    <>
      <WizardSteps at={1} />
      <MappingStep run={run} kind={kind} before={plan} checking={dryRun.isPending} problem={dryRun.error} onCheck={check} />
    </>
  )
}

export function ImportPage() {
  const { id = '' } = useParams()
  const { t, i18n } = useTranslation('imports')
  const { instant, count } = useFormat()
  const run = useImport(id)
  const kinds = useImportKinds()
  if (run.error ?? kinds.error) return <ProblemNote problem={run.error ?? kinds.error} retry={() => void run.refetch()} />
  const known = run.data
  const kind = kinds.data?.find((each) => each.kind === known?.kind)
  if (!known || !kind) return <Spin style={{ display: 'block', marginTop: 80 }} />
  const isPreparing = known.state === 'uploaded' || known.state === 'checked'
  const isMoving = known.state === 'queued' || known.state === 'running' || known.state === 'undoing'
  return (
    <>
      <PageHead
        back={{ to: '/imports', label: t('title') }}
        name={known.name}
        title={<>{known.name}<ImportMark state={known.state} /></>}
        subtitle={t('runSubtitle', { kind: bilingual(kind, i18n.language), rows: count(known.rows_total ?? known.rows_estimate), encoding: known.encoding, at: instant(known.created_at) })}
      />
      <Panel>
        {isPreparing && <Preparing run={known} kind={kind} />}
        {isMoving && <><WizardSteps at={3} /><ProgressStep run={known} /></>}
        {!isPreparing && !isMoving && <><WizardSteps at={4} failed={known.state === 'failed'} /><ResultStep run={known} /></>}
      </Panel>
    </>
  )
}

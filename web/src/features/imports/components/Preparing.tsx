import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

import { isEnded, useJob } from '@/lib/jobs'
import { useUrlState } from '@/lib/url'

import { useDryRun, useStart, type Plan } from '../queries'
import type { ImportDetail, ImportKind, Report } from '../types'
import { isDescribed } from '../mapping'
import { CheckingStep } from './CheckingStep'
import { DescribedStep } from './DescribedStep'
import { MappingStep } from './MappingStep'
import { ReportStep } from './ReportStep'
import { WizardSteps } from './WizardSteps'

/** Mapping, then the dry run (a job, because files may be large), then the decision to start. */
export function Preparing({ run, kind }: { run: ImportDetail; kind: ImportKind }) {
  const cache = useQueryClient()
  const [plan, setPlan] = useState<Plan | null>(null)
  const dryRun = useDryRun(run.id)
  const start = useStart(run.id)
  const job = useJob(dryRun.data?.job_id)
  const state = isEnded(job.data) ? job.data?.state : undefined
  useEffect(() => {
    if (state === 'done') void cache.invalidateQueries({ queryKey: ['imports', 'one', run.id] })
  }, [state, cache, run.id])
  const check = (chosen: Plan) => {
    setPlan(chosen)
    dryRun.mutate(chosen)
  }
  const at = !dryRun.data ? 1 : 2
  const [read] = useUrlState()
  const isWhole = run.files.length > 1 || kind.presets.includes(read('preset') ?? '') || isDescribed(run.mapping ?? run.suggested_mapping ?? undefined)
  const Step = isWhole ? DescribedStep : MappingStep
  return (
    <>
      <WizardSteps at={at} failed={state === 'failed'} />
      {at === 1 && <Step run={run} kind={kind} before={plan} checking={dryRun.isPending} problem={dryRun.error} onCheck={check} />}
      {at === 2 && state !== 'done' && <CheckingStep job={job.data} problem={job.error} onBack={() => dryRun.reset()} />}
      {at === 2 && state === 'done' && plan && run.dry_report && (
        <ReportStep report={run.dry_report as Report} starting={start.isPending} problem={start.error} onBack={() => dryRun.reset()} onStart={() => start.mutate(plan)} />
      )}
    </>
  )
}

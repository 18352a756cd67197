import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'

import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { Waiting } from '@/design/Waiting'
import { useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'

import { ImportMark } from '../components/ImportMark'
import { Preparing } from '../components/Preparing'
import { ProgressStep } from '../components/ProgressStep'
import { ResultStep } from '../components/ResultStep'
import { WizardSteps } from '../components/WizardSteps'
import { useImport, useImportKinds } from '../queries'

/** One import, wherever it stands: what is left to choose, how far it is, or what came of it. */
export function ImportPage() {
  const { id = '' } = useParams()
  const { t, i18n } = useTranslation('imports')
  const { instant, count } = useFormat()
  const run = useImport(id)
  const kinds = useImportKinds()
  const problem = run.error ?? kinds.error
  if (problem) return <ProblemNote problem={problem} retry={() => void run.refetch()} />
  const known = run.data
  const kind = kinds.data?.find((each) => each.kind === known?.kind)
  if (!known || !kind) return <Waiting />
  const isMoving = known.state === 'running' || known.state === 'undoing'
  return (
    <>
      <PageHead
        back={{ to: '/imports', label: t('title') }}
        name={known.name}
        title={<>{known.name}<ImportMark state={known.state} /></>}
        subtitle={t('runSubtitle', { kind: bilingual(kind, i18n.language), rows: count(known.rows_estimate), encoding: known.encoding, at: instant(known.created_at) })}
      />
      <Panel>
        {known.state === 'uploaded' && <Preparing run={known} kind={kind} />}
        {isMoving && <><WizardSteps at={3} /><ProgressStep run={known} /></>}
        {known.state !== 'uploaded' && !isMoving && <><WizardSteps at={4} failed={known.state === 'failed'} /><ResultStep run={known} /></>}
      </Panel>
    </>
  )
}

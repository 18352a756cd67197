import { Tabs } from 'antd'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'

import { PageHead } from '@/design/PageHead'
import { ProblemNote } from '@/design/ProblemNote'
import { Waiting } from '@/design/Waiting'
import { EffectLink } from '@/features/engagement/proof/pickers/EffectLink'
import { permissions } from '@/lib/permissions'
import { useCan } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { RunActions } from '../components/Actions'
import { DryRunTab } from '../components/DryRunTab'
import { EditTab } from '../components/EditTab'
import { LaunchTab } from '../components/LaunchTab'
import { LiveTab } from '../components/LiveTab'
import { StateMark } from '../components/StateMark'
import { VersionsTab } from '../components/VersionsTab'
import { useJourney } from '../queries'

/** One journey: drawn, replayed over the past, launched, followed. */
export function JourneyPage() {
  const { id = '' } = useParams()
  const { t } = useTranslation('journeys')
  const can = useCan()
  const [read, write] = useUrlState()
  const found = useJourney(id)
  if (found.error) return <ProblemNote problem={found.error} retry={() => void found.refetch()} />
  const journey = found.data
  if (!journey) return <Waiting />
  const isSop = journey.kind !== 'journey'
  const first = journey.version ? 'live' : 'edit'
  const tabs = [
    ...(journey.version ? [{ key: 'live', label: t('tab.live'), children: <LiveTab journey={journey} /> }] : []),
    { key: 'edit', label: t(isSop ? 'tab.steps' : 'tab.edit'), children: <EditTab key={journey.revision} journey={journey} /> },
    { key: 'dry', label: t('tab.dry'), children: <DryRunTab journey={journey} /> },
    ...(can(permissions.journeyWrite) && journey.state !== 'stopped' ? [{ key: 'launch', label: t(journey.version ? 'tab.publish' : 'tab.launch'), children: <LaunchTab key={journey.revision} journey={journey} /> }] : []),
    { key: 'versions', label: t('tab.versions'), children: <VersionsTab journey={journey} /> },
  ]
  return (
    <>
      <PageHead back={isSop ? { to: journey.kind === 'sop_customer' ? '/sops' : `/sops?kind=${journey.kind}`, label: t('sop.title') } : { to: '/journeys', label: t('title') }} name={journey.name}
        title={<span className="row">{journey.name} <StateMark state={journey.state} /></span>} subtitle={journey.description || t(isSop ? 'sop.oneSubtitle' : 'oneSubtitle')}
        actions={<>{journey.version > 0 && <EffectLink originId={journey.id} />}{can(permissions.journeyWrite) && <RunActions journey={journey} />}</>} />
      <Tabs activeKey={read('tab') ?? first} onChange={(tab) => write({ tab: tab === first ? undefined : tab })} destroyOnHidden items={tabs} />
    </>
  )
}

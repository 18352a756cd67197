import { DownloadOutlined } from '@ant-design/icons'
import { App, Button, Table, Tabs } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'

import { Facts } from '@/design/Facts'
import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { Waiting } from '@/design/Waiting'
import { MaterialPreview } from '@/features/content/pickers/MaterialPreview'
import { EffectLink } from '@/features/engagement/proof/pickers/EffectLink'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { CampaignMark } from '../components/marks'
import { PressurePanel } from '../components/PressurePanel'
import { ProgressPanel, SendersPanel } from '../components/ProgressPanel'
import { TouchTable } from '../components/TouchTable'
import { arrived, bodyOf, byStaff, clock, onTheWay, paths, silent, sum, total } from '../model'
import { useAudienceChoice, useCampaign, useLaunch, useOccurrences, usePause, useProgress, useRecall, useRemoveCampaign, useResume, useStop } from '../queries'
import type { Campaign, Progress } from '../types'

/** One campaign: what it is, how far it is, and what can be done about it. */
export function CampaignPage() {
  const { id = '' } = useParams()
  const campaign = useCampaign(id)
  if (campaign.error) return <ProblemNote problem={campaign.error} retry={() => void campaign.refetch()} />
  if (!campaign.data) return <Waiting />
  return <Shown campaign={campaign.data} />
}

function Shown({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('touches')
  const [read, write] = useUrlState()
  const isLive = ['scheduled', 'running', 'paused'].includes(campaign.state)
  const progress = useProgress(campaign.id, isLive)
  const { draft } = campaign
  const isByStaff = byStaff.includes(draft.channel)
  return (
    <>
      <PageHead back={{ to: paths[draft.kind], label: t(`title.${draft.kind}`) }} name={draft.name} title={<span className="row">{draft.name} <CampaignMark state={campaign.state} /></span>} actions={<>{campaign.state !== 'draft' && <EffectLink originId={campaign.id} />}<Actions campaign={campaign} /></>} />
      <div className="side-right">
        <div className="stack">
          {campaign.state === 'draft' ? <PressurePanel draft={bodyOf(campaign)} id={campaign.id} /> : <ProgressPanel campaign={campaign} progress={progress.data} problem={progress.error} />}
          {campaign.state !== 'draft' && (
            <Tabs activeKey={read('tab') ?? (isByStaff ? 'senders' : 'variants')} onChange={(tab) => write({ tab })} items={[
              ...(isByStaff ? [{ key: 'senders', label: t('tabs.senders'), children: progress.data && <SendersPanel progress={progress.data} /> }] : []),
              { key: 'variants', label: t('tabs.variants'), children: progress.data && <VariantTable progress={progress.data} /> },
              { key: 'times', label: t('tabs.times'), children: <Times campaign={campaign} /> },
              { key: 'touches', label: t('tabs.touches'), children: <TouchTable filter={{ origin_id: campaign.id }} /> },
            ]} />
          )}
        </div>
        <div className="stack">
          <Panel title={t('parts.about')}><About campaign={campaign} /></Panel>
          {!silent.includes(draft.channel) && <MaterialPreview id={draft.variants[0]?.content_id} />}
        </div>
      </div>
    </>
  )
}

function Actions({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('touches')
  const { modal } = App.useApp()
  const { done, refused } = useNotice()
  const { count } = useFormat()
  const can = useCan()
  const go = useNavigate()
  const [launch, pause, resume, stop, recall, remove] = [useLaunch(), usePause(campaign.id), useResume(campaign.id), useStop(campaign.id), useRecall(campaign.id), useRemoveCampaign(campaign.id)]
  const { state, draft } = campaign
  const root = paths[draft.kind]
  const sure = (name: string, then: () => Promise<unknown>, danger = true) =>
    modal.confirm({ title: t(`sure.${name}`), content: t(`sure.${name}What`), okText: t(`do.${name}`), cancelText: t('cancel'), okButtonProps: { danger }, onOk: () => then().catch(refused) })
  const isOpen = ['scheduled', 'running', 'paused'].includes(state)
  if (!can(permissions.campaignWrite)) return null
  return (
    <>
      {can(permissions.touchExport) && state !== 'draft' && <Button icon={<DownloadOutlined />} href={`/api/engagement/campaigns/${campaign.id}/fates.csv`}>{t('do.export')}</Button>}
      {['draft', 'scheduled', 'paused'].includes(state) && <Link to={`${root}/${campaign.id}/edit`}><Button tabIndex={-1}>{t('do.edit')}</Button></Link>}
      {state === 'draft' && <Button danger onClick={() => sure('remove', () => remove.mutateAsync(undefined).then(() => go(root)))}>{t('do.remove')}</Button>}
      {state === 'draft' && <Button type="primary" loading={launch.isPending} onClick={() => sure('launch', () => launch.mutateAsync({ id: campaign.id, version: campaign.version }).then(() => done(t('launched'))), false)}>{t('do.launch')}</Button>}
      {['scheduled', 'running'].includes(state) && <Button loading={pause.isPending} onClick={() => pause.mutate(undefined, { onError: refused })}>{t('do.pause')}</Button>}
      {state === 'paused' && <Button type="primary" loading={resume.isPending} onClick={() => resume.mutate(undefined, { onError: refused })}>{t('do.resume')}</Button>}
      {isOpen && <Button danger onClick={() => sure('stop', () => stop.mutateAsync(undefined))}>{t('do.stop')}</Button>}
      {state !== 'draft' && (draft.channel.startsWith('wecom') || silent.includes(draft.channel)) && (
        <Button danger onClick={() => sure(silent.includes(draft.channel) ? 'recallAds' : 'recall', () => recall.mutateAsync(undefined).then((told) => done(t('recalled', { taken: count(told.taken_back), refused: count(told.refused) }))))}>{t(silent.includes(draft.channel) ? 'do.recallAds' : 'do.recall')}</Button>
      )}
    </>
  )
}

function About({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('touches')
  const { instant, list } = useFormat()
  const audiences = useAudienceChoice().data?.rows ?? []
  const name = (id: string) => audiences.find((one) => one.id === id)?.name ?? id
  const { draft } = campaign
  return (
    <Facts facts={[
      { label: t('fields.audience'), value: draft.audience_id ? <Link to={`/audiences/${draft.audience_id}`}>{name(draft.audience_id)}</Link> : '–' },
      draft.excluded_ids.length > 0 && { label: t('fields.excluded'), value: list(draft.excluded_ids.map(name)) },
      { label: t('fields.channel'), value: t(`channels.${draft.channel}`) },
      { label: t('fields.rhythm'), value: `${t(`rhythms.${draft.schedule.rhythm}`)}${draft.schedule.rhythm === 'now' ? '' : ` · ${clock(draft.schedule.minute)}`}` },
      { label: t('fields.timing'), value: t(`timings.${draft.schedule.timing}`) },
      campaign.next_at !== null && { label: t('fields.next'), value: <span className="num">{instant(campaign.next_at)}</span> },
      { label: t('fields.purpose'), value: t(`purposes.${draft.purpose}`) },
      { label: t('fields.control'), value: draft.control_basis_points ? `${draft.control_basis_points / 100}%` : t('none') },
      { label: t('fields.expires'), value: t('inHours', { hours: draft.expires_hours }) },
      draft.tags.length > 0 && { label: t('fields.tags'), value: list(draft.tags) },
      { label: t('fields.priority'), value: draft.priority },
    ]} />
  )
}

function VariantTable({ progress }: { progress: Progress }) {
  const { t } = useTranslation('touches')
  const { count } = useFormat()
  const rows = Object.entries(progress.by_variant).map(([name, counts]) => ({ name, counts }))
  const number = (members: number) => <span className="num">{count(members)}</span>
  return (
    <Panel flush>
      <Table size="small" pagination={false} rowKey="name" dataSource={rows} scroll={{ x: 'max-content' }} columns={[
        { title: t('fields.variant'), dataIndex: 'name' },
        { title: t('progress.arrived'), align: 'right', render: (_, one) => number(sum(one.counts, arrived)) },
        { title: t('progress.onTheWay'), align: 'right', render: (_, one) => number(sum(one.counts, onTheWay)) },
        { title: t('fates.replied'), align: 'right', render: (_, one) => number(one.counts.replied ?? 0) },
        { title: t('progress.lost'), align: 'right', render: (_, one) => number(sum(one.counts, ['failed', 'expired'])) },
        { title: t('fates.dropped'), align: 'right', render: (_, one) => number(one.counts.dropped ?? 0) },
      ]} />
    </Panel>
  )
}

function Times({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('touches')
  const { count, instant } = useFormat()
  const times = useOccurrences(campaign.id)
  const number = (members: number) => <span className="num">{count(members)}</span>
  return (
    <Panel flush>
      <Table size="small" pagination={false} rowKey="number" dataSource={times.data?.rows} loading={times.isPending} scroll={{ x: 'max-content' }} columns={[
        { title: t('fields.number'), dataIndex: 'number' },
        { title: t('fields.at'), render: (_, one) => <span className="num">{instant(one.at)}</span> },
        { title: t('pressure.audience'), align: 'right', render: (_, one) => number(one.audience) },
        { title: t('pressure.planned'), align: 'right', render: (_, one) => number(one.planned) },
        { title: t('pressure.held'), align: 'right', render: (_, one) => number(one.held) },
        { title: t('pressure.dropped'), align: 'right', render: (_, one) => number(total(one.dropped)) },
      ]} />
    </Panel>
  )
}

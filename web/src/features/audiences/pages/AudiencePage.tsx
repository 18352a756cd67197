import { CopyOutlined, DeleteOutlined, EditOutlined, ReloadOutlined } from '@ant-design/icons'
import { Alert, Button, Popconfirm, Tabs } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'

import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { ProblemNote } from '@/design/ProblemNote'
import { Waiting } from '@/design/Waiting'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'
import { useUrlState } from '@/lib/url'

import { ChangesTab } from '../components/ChangesTab'
import { DefinitionTab } from '../components/DefinitionTab'
import { ExportTab } from '../components/ExportTab'
import { MembersTab } from '../components/MembersTab'
import { OverviewTab } from '../components/OverviewTab'
import { StaleNote } from '../components/StaleNote'
import { StateMark } from '../components/StateMark'
import { useActor } from '../components/useActor'
import { WhyTab } from '../components/WhyTab'
import { useAudience, useDelete, useRefresh } from '../queries'
import type { Audience } from '../types'

/** One audience: how many, who, how it changed, why, and where it goes. */
export function AudiencePage() {
  const { id = '' } = useParams()
  const { t } = useTranslation('audiences')
  const { instant } = useFormat()
  const actor = useActor()
  const [read, write] = useUrlState()
  const audience = useAudience(id)
  if (audience.error) return <ProblemNote problem={audience.error} retry={() => void audience.refetch()} />
  const known = audience.data
  if (!known) return <Waiting />
  return (
    <>
      <PageHead
        back={{ to: '/audiences', label: t('title') }}
        name={known.name}
        title={<>{known.name}<StateMark audience={known} /></>}
        subtitle={known.description || t('madeBy', { by: actor(known.created_by), at: instant(known.created_at, 'day') })}
        actions={<Actions audience={known} />}
      />
      <StaleNote />
      <Trouble audience={known} />
      <Tabs
        activeKey={read('tab') ?? 'overview'}
        onChange={(tab) => write({ tab: tab === 'overview' ? undefined : tab })}
        destroyOnHidden
        items={[
          { key: 'overview', label: t('tabs.overview'), children: <OverviewTab audience={known} /> },
          { key: 'members', label: t('tabs.members'), children: <MembersTab audience={known} /> },
          { key: 'changes', label: t('tabs.changes'), children: <ChangesTab id={known.id} /> },
          { key: 'why', label: t('tabs.why'), children: <WhyTab audience={known} /> },
          { key: 'definition', label: t('tabs.definition'), children: <DefinitionTab audience={known} /> },
          { key: 'export', label: t('tabs.export'), children: <ExportTab audience={known} /> },
        ]}
      />
    </>
  )
}

/** Why the members are not those of the definition. */
function Trouble({ audience }: { audience: Audience }) {
  const { t, i18n } = useTranslation('audiences')
  const { instant } = useFormat()
  if (audience.state === 'ready' && !audience.drift) return null
  if (audience.state === 'ready') return <Alert type="info" showIcon style={{ marginBottom: 16 }} title={t('drift', { count: audience.drift })} />
  const told = audience.problem && bilingual(audience.problem as { zh?: string; en?: string }, i18n.language)
  return <Alert type={audience.state === 'broken' ? 'error' : 'warning'} showIcon style={{ marginBottom: 16 }} title={t(`trouble.${audience.state}`, { at: instant(audience.failed_since ?? audience.computed_at) })} description={told} />
}

function Actions({ audience }: { audience: Audience }) {
  const { t } = useTranslation('audiences')
  const can = useCan()
  const go = useNavigate()
  const { done, refused } = useNotice()
  const refresh = useRefresh()
  const remove = useDelete()
  if (!can(permissions.audienceWrite)) return null
  return (
    <>
      {!audience.is_list && <Button icon={<ReloadOutlined />} loading={refresh.isPending} onClick={() => refresh.mutate(audience.id, { onSuccess: () => done(t('refreshed')), onError: refused })}>{t('refreshNow')}</Button>}
      {!audience.is_list && <Link to={`/audiences/new?from=${audience.id}`}><Button icon={<CopyOutlined />}>{t('duplicate')}</Button></Link>}
      <Popconfirm title={t('deleteSure', { name: audience.name })} onConfirm={() => remove.mutate(audience.id, { onSuccess: () => { done(t('deleted')); void go('/audiences') }, onError: refused })}>
        <Button danger icon={<DeleteOutlined />} loading={remove.isPending}>{t('delete')}</Button>
      </Popconfirm>
      {!audience.is_list && <Link to={`/audiences/${audience.id}/edit`}><Button type="primary" icon={<EditOutlined />}>{t('edit')}</Button></Link>}
    </>
  )
}

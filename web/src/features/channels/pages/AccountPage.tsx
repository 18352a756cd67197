import { EditOutlined, SyncOutlined } from '@ant-design/icons'
import { Button, Popconfirm, Tabs } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'

import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { ProblemNote } from '@/design/ProblemNote'
import { Waiting } from '@/design/Waiting'
import { permissions } from '@/lib/permissions'
import { useCan } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { AccountFacts } from '../components/AccountFacts'
import { AccountMark } from '../components/AccountMark'
import { CallbackLog } from '../components/CallbackLog'
import { CorpTagsTab } from '../components/CorpTagsTab'
import { ConnectDrawer } from '../components/ConnectDrawer'
import { DiagnosisPanel } from '../components/DiagnosisPanel'
import { FollowersTab } from '../components/FollowersTab'
import { StaffTab } from '../components/StaffTab'
import { SyncPanel } from '../components/SyncPanel'
import { wechat } from '../options'
import { useAccount, usePause, useResume, useSync } from '../queries'
import type { Account } from '../types'

/** One account: what it needs, whether it works, what came and what is known of it. */
export function AccountPage() {
  const { id = '' } = useParams()
  const { t } = useTranslation('channels')
  const can = useCan()
  const [read, write] = useUrlState()
  const account = useAccount(id)
  if (account.error) return <ProblemNote problem={account.error} retry={() => void account.refetch()} />
  const known = account.data
  if (!known) return <Waiting />
  const isCorp = known.kind === 'wecom'
  const tabs = [
    { key: 'diagnosis', label: t('tabs.diagnosis'), children: <DiagnosisPanel account={known} /> },
    { key: 'facts', label: t('tabs.facts'), children: <AccountFacts account={known} /> },
    ...(isCorp ? [{ key: 'sync', label: t('tabs.sync'), children: <SyncPanel account={known} /> }, { key: 'staff', label: t('tabs.staff'), children: <StaffTab account={known} /> }] : []),
    ...(isCorp && can(permissions.corpTags) ? [{ key: 'tags', label: t('tabs.tags'), children: <CorpTagsTab account={known} /> }] : []),
    ...((known.kind === 'official' || known.kind === 'mini') && can(permissions.followers) ? [{ key: 'followers', label: t(known.kind === 'mini' ? 'tabs.openers' : 'tabs.followers'), children: <FollowersTab account={known} /> }] : []),
    ...(can(permissions.callbacks) && wechat.includes(known.kind) ? [{ key: 'callbacks', label: t('tabs.callbacks'), children: <CallbackLog account={known} /> }] : []),
  ]
  return (
    <>
      <PageHead back={{ to: '/accounts', label: t('accounts.title') }} name={known.name} title={<>{known.name}<AccountMark account={known} /></>}
        subtitle={`${t(`kinds.${known.kind}`)} · ${known.corp_id}`} actions={<Actions account={known} />} />
      <Tabs activeKey={read('tab') ?? 'diagnosis'} onChange={(tab) => write({ tab: tab === 'diagnosis' ? undefined : tab })} destroyOnHidden items={tabs} />
    </>
  )
}

function Actions({ account }: { account: Account }) {
  const { t } = useTranslation('channels')
  const can = useCan()
  const { done, refused } = useNotice()
  const [changing, setChanging] = useState(false)
  const pause = usePause()
  const resume = useResume()
  const sync = useSync()
  const isPaused = account.state === 'paused'
  const end = (text: string) => ({ onSuccess: () => done(text), onError: refused })
  return (
    <>
      {account.kind === 'wecom' && can(permissions.syncRun) && !isPaused && (
        <Button icon={<SyncOutlined />} loading={sync.isPending} onClick={() => sync.mutate(account.id, end(t('sync.asked')))}>{t('sync.now')}</Button>
      )}
      {can(permissions.accountWrite) && (
        <>
          {isPaused
            ? <Button loading={resume.isPending} onClick={() => resume.mutate(account.id, end(t('account.resumed')))}>{t('account.resume')}</Button>
            : <Popconfirm title={t('account.pauseSure')} onConfirm={() => pause.mutate(account.id, end(t('account.isPaused')))}><Button loading={pause.isPending}>{t('account.pause')}</Button></Popconfirm>}
          <Button type="primary" icon={<EditOutlined />} onClick={() => setChanging(true)}>{t('connect.change')}</Button>
        </>
      )}
      {changing && <ConnectDrawer account={account} onClose={() => setChanging(false)} />}
    </>
  )
}

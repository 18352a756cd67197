import { EditOutlined } from '@ant-design/icons'
import { Alert, Button, Popconfirm, Tabs } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'

import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { ProblemNote } from '@/design/ProblemNote'
import { Waiting } from '@/design/Waiting'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { BatchDrawer } from '../components/BatchDrawer'
import { DrawTab } from '../components/DrawTab'
import { ExportTab } from '../components/ExportTab'
import { FiguresTab } from '../components/FiguresTab'
import { useBatch, useChangeBatch } from '../queries'
import type { Batch } from '../types'

/** One batch of codes: its figures, its draw, its files. */
export function ItemBatch() {
  const { id = '' } = useParams()
  const { t } = useTranslation('items')
  const { count, instant } = useFormat()
  const can = useCan()
  const [read, write] = useUrlState()
  const batch = useBatch(id)
  const known = batch.data
  if (batch.error) return <ProblemNote problem={batch.error} retry={() => void batch.refetch()} />
  if (!known) return <Waiting />
  const tabs = [
    { key: 'figures', label: t('tabs.figures'), children: <FiguresTab batch={known} /> },
    { key: 'draw', label: t('tabs.draw'), children: <DrawTab batch={known} /> },
  ]
  if (can(permissions.itemExport)) tabs.push({ key: 'export', label: t('tabs.export'), children: <ExportTab batch={known} /> })
  return (
    <>
      <PageHead back={{ to: '/item-codes', label: t('title') }} title={known.name} subtitle={`${known.product} · ${t('ofCodes', { codes: count(known.codes) })} · ${instant(known.created_at, 'day')}`} actions={<Actions batch={known} />} />
      {known.state === 'void' && <Alert type="error" showIcon style={{ marginBottom: 16 }} title={t('isVoid')} description={known.note} />}
      <Tabs activeKey={read('tab') ?? 'figures'} onChange={(tab) => write({ tab: tab === 'figures' ? undefined : tab })} destroyOnHidden items={tabs} />
    </>
  )
}

function Actions({ batch }: { batch: Batch }) {
  const { t } = useTranslation('items')
  const can = useCan()
  const { done, refused } = useNotice()
  const change = useChangeBatch(batch.id)
  const [editing, setEditing] = useState(false)
  if (!can(permissions.itemWrite)) return null
  const isActive = batch.state === 'active'
  return (
    <>
      <Popconfirm title={t(isActive ? 'voidSure' : 'unvoidSure')} onConfirm={() => change.mutate({ state: isActive ? 'void' : 'active' }, { onSuccess: () => done(t('saved')), onError: refused })}>
        <Button danger={isActive} loading={change.isPending}>{t(isActive ? 'makeVoid' : 'unvoid')}</Button>
      </Popconfirm>
      <Button type="primary" icon={<EditOutlined />} onClick={() => setEditing(true)}>{t('edit')}</Button>
      {editing && <BatchDrawer batch={batch} onClose={() => setEditing(false)} />}
    </>
  )
}

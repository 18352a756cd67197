import { PlusOutlined } from '@ant-design/icons'
import { App, Button, Space } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Mark } from '@/design/Mark'
import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { KeyDrawer } from '../components/KeyDrawer'
import { NewSecret } from '../components/NewSecret'
import { RotateKey } from '../components/RotateKey'
import { useDropKey, useKeys } from '../keys'
import type { Key, NewKey } from '../types'

export function Keys() {
  const { t } = useTranslation('access')
  const { instant, now } = useFormat()
  const can = useCan()
  const { modal } = App.useApp()
  const { refused } = useNotice()
  const keys = useKeys()
  const drop = useDropKey()
  const [adding, setAdding] = useState(false)
  const [rotating, setRotating] = useState<Key | null>(null)
  const [fresh, setFresh] = useState<NewKey | null>(null)
  const mayWrite = can(permissions.keyWrite)
  const ask = (key: Key) =>
    modal.confirm({ title: t('keys.dropTitle', { name: key.name }), content: t('keys.dropHint'), okText: t('keys.drop'), okButtonProps: { danger: true }, onOk: () => drop.mutateAsync(key.id).catch(refused) })
  const state = (key: Key) => {
    if (key.disabled_at) return <Mark tone="bad">{t('keys.ended')}</Mark>
    if (key.expires_at && new Date(key.expires_at).getTime() < now) return <Mark tone="bad">{t('keys.expired')}</Mark>
    if (key.expires_at) return <Mark tone="warn">{t('keys.until', { at: instant(key.expires_at) })}</Mark>
    return <Mark tone="good">{t('keys.valid')}</Mark>
  }
  const acts = (key: Key) => mayWrite && !key.disabled_at && (
    <Space size={0}>
      <Button type="link" size="small" onClick={() => setRotating(key)}>{t('keys.rotate')}</Button>
      <Button type="link" size="small" danger onClick={() => ask(key)}>{t('keys.drop')}</Button>
    </Space>
  )
  const add = mayWrite && <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>{t('keys.add')}</Button>
  return (
    <>
      <PageHead title={t('keys.title')} subtitle={t('keys.subtitle')} actions={add} />
      <Panel flush>
        <DataTable<Key>
          label={t('keys.title')}
          rows={keys.data?.rows}
          rowKey={(key) => key.id}
          problem={keys.error}
          retry={() => void keys.refetch()}
          empty={<Empty title={t('keys.empty')} hint={t('keys.emptyHint')} action={add} />}
          columns={[
            { title: t('keys.name'), render: (_, key) => <strong>{key.name}</strong> },
            { title: t('keys.kind'), render: (_, key) => <Mark tone={key.kind === 'api' ? 'busy' : 'well'}>{t(`keys.kinds.${key.kind}`)}</Mark> },
            { title: t('keys.prefix'), render: (_, key) => <span className="mono">{key.prefix}…</span> },
            { title: t('keys.state'), render: (_, key) => state(key) },
            { title: t('keys.lastUsed'), render: (_, key) => <span className="num">{instant(key.last_used_at)}</span> },
            { title: t('keys.createdAt'), render: (_, key) => <span className="num">{instant(key.created_at)}</span> },
            { title: '', align: 'right', render: (_, key) => acts(key) },
          ]}
          card={(key) => <RowCard title={key.name} side={state(key)} lines={[t(`keys.kinds.${key.kind}`), <span key="p" className="mono">{key.prefix}…</span>, acts(key)]} />}
        />
      </Panel>
      {adding && <KeyDrawer onClose={() => setAdding(false)} onMade={(key) => { setAdding(false); setFresh(key) }} />}
      {rotating && <RotateKey subject={rotating} onClose={() => setRotating(null)} onMade={(key) => { setRotating(null); setFresh(key) }} />}
      {fresh && <NewSecret made={fresh} onClose={() => setFresh(null)} />}
    </>
  )
}

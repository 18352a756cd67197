import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Form, Input, Popconfirm } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { FormDrawer } from '@/design/FormDrawer'
import { Mark } from '@/design/Mark'
import { useNotice } from '@/design/notice'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { Secret } from '@/design/Secret'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { useAddWebhook, useDropWebhook, useWebhooks } from '../queries'
import type { Webhook } from '../types'
import { useActor } from './useActor'

/** Other systems that are told who came and who went. */
export function Webhooks({ id }: { id: string }) {
  const { t } = useTranslation('audiences')
  const { instant } = useFormat()
  const { refused } = useNotice()
  const can = useCan()
  const actor = useActor()
  const webhooks = useWebhooks(id)
  const add = useAddWebhook(id)
  const drop = useDropWebhook(id)
  const [open, setOpen] = useState(false)
  const mayWrite = can(permissions.audienceExport)
  const close = () => { setOpen(false); add.reset() }
  const remove = (webhook: Webhook) => mayWrite && (
    <Popconfirm title={t('webhooks.drop')} onConfirm={() => drop.mutate(webhook.id, { onError: refused })}><Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t('delete')} /></Popconfirm>
  )
  const state = (webhook: Webhook) => (
    <span className="row" style={{ gap: 6 }}>
      <Mark tone={webhook.failed_since ? 'bad' : webhook.delivered_at ? 'good' : 'plain'}>{t(webhook.failed_since ? 'webhooks.failing' : webhook.delivered_at ? 'webhooks.delivered' : 'webhooks.waiting')}</Mark>
      <span className="soft">{webhook.failed_since ? t('webhooks.failure', { at: instant(webhook.failed_since), attempts: webhook.attempts, problem: webhook.problem }) : webhook.delivered_at && `${instant(webhook.delivered_at)} · ${t('stats.version', { version: webhook.version })}`}</span>
    </span>
  )
  return (
    <Panel title={t('webhooks.title')} flush extra={mayWrite && <Button size="small" icon={<PlusOutlined />} onClick={() => setOpen(true)}>{t('webhooks.add')}</Button>}>
      <DataTable<Webhook>
        size="small"
        label={t('webhooks.title')}
        rows={webhooks.data?.rows}
        rowKey={(each) => each.id}
        problem={webhooks.error}
        empty={<Empty small title={t('webhooks.empty')} hint={t('webhooks.hint')} />}
        columns={[
          { title: t('webhooks.url'), render: (_, each) => <span className="mono">{each.url}</span> },
          { title: t('webhooks.state'), render: (_, each) => state(each) },
          { title: t('webhooks.since'), render: (_, each) => <span className="num">{instant(each.created_at)}</span> },
          { title: t('fields.by'), render: (_, each) => <span className="soft">{actor(each.created_by)}</span> },
          { title: '', align: 'right', render: (_, each) => remove(each) },
        ]}
        card={(each) => <RowCard title={<span className="mono">{each.url}</span>} side={remove(each)} lines={[state(each)]} />}
      />
      <FormDrawer<{ url: string }> open={open && !add.data} title={t('webhooks.add')} saving={add.isPending} problem={add.error} onClose={close} onSave={({ url }) => add.mutate(url.trim())}>
        <p className="soft" style={{ marginBottom: 16 }}>{t('webhooks.hint')}</p>
        <Form.Item name="url" label={t('webhooks.url')} rules={[{ required: true, type: 'url' }]}><Input placeholder="https://" /></Form.Item>
      </FormDrawer>
      {open && add.data?.secret && (
        <div style={{ padding: 16 }} className="stack-small">
          <strong>{t('webhooks.secret')}</strong>
          <Secret text={add.data.secret} />
          <Button onClick={close} style={{ justifySelf: 'start' }}>{t('close')}</Button>
        </div>
      )}
    </Panel>
  )
}

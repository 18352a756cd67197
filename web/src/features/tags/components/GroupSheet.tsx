import { Button, Popconfirm, Space } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Mark } from '@/design/Mark'
import { useNotice } from '@/design/notice'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { useDeleteGroup } from '../queries'
import type { Tag, TagGroup } from '../types'
import { GroupDrawer } from './GroupDrawer'
import { TagDrawer } from './TagDrawer'

/** One group: what it is for, and its tags in order. */
export function GroupSheet({ group, onChoose }: { group: TagGroup; onChoose: (id: string | undefined) => void }) {
  const { t } = useTranslation('tags')
  const { count } = useFormat()
  const can = useCan()
  const { done, refused } = useNotice()
  const remove = useDeleteGroup()
  const [dialog, setDialog] = useState<'edit' | 'add' | null>(null)
  const mayWrite = can(permissions.tagDefine)
  const expiry = (tag: Tag) => (tag.expires_after_days ? t('tag.afterDays', { count: tag.expires_after_days }) : t('tag.never'))
  const state = (tag: Tag) => <Mark tone={tag.state === 'active' ? 'good' : 'plain'}>{t(`states.${tag.state}`)}</Mark>
  const add = mayWrite && <Button type="primary" onClick={() => setDialog('add')}>{t('tag.add')}</Button>
  const acts = mayWrite && (
    <Space wrap>
      {group.tags.length === 0 && (
        <Popconfirm title={t('group.deleteAsk')} okText={t('delete')} okButtonProps={{ danger: true }} onConfirm={() => remove.mutate(group.id, { onSuccess: () => { done(t('deleted')); onChoose(undefined) }, onError: refused })}>
          <Button danger>{t('delete')}</Button>
        </Popconfirm>
      )}
      <Button onClick={() => setDialog('edit')}>{t('edit')}</Button>
      {add}
    </Space>
  )
  return (
    <Panel flush title={<Space wrap>{group.name}<Mark tone="well">{t(`kinds.${group.kind}`)}</Mark>{group.is_exclusive && <Mark>{t('group.exclusive')}</Mark>}</Space>} extra={acts}>
      {group.description && <p className="soft" style={{ padding: '12px 18px 0' }}>{group.description}</p>}
      <DataTable<Tag>
        label={group.name}
        rows={group.tags}
        rowKey={(tag) => tag.id}
        onOpen={(tag) => onChoose(tag.id)}
        empty={<Empty title={t('group.empty')} hint={t('group.emptyHint')} action={add} />}
        columns={[
          { title: t('tag.name'), render: (_, tag) => <strong>{tag.name}</strong> },
          { title: t('tag.members'), align: 'right', render: (_, tag) => <span className="num">{count(tag.members)}</span> },
          { title: t('tag.expiry'), render: (_, tag) => expiry(tag) },
          { title: t('tag.by'), render: (_, tag) => (tag.rule_audience_id ? <Mark tone="busy">{t('rule.title')}</Mark> : t('tag.byHand')) },
          { title: t('tag.state'), render: (_, tag) => state(tag) },
          { title: t('description'), render: (_, tag) => tag.description || '–' },
        ]}
        card={(tag) => <RowCard title={tag.name} side={count(tag.members)} lines={[<span key="state" className="row">{state(tag)} {expiry(tag)}</span>, tag.description]} />}
      />
      {dialog === 'edit' && <GroupDrawer group={group} onClose={() => setDialog(null)} />}
      {dialog === 'add' && <TagDrawer group={group.name} onClose={() => setDialog(null)} />}
    </Panel>
  )
}

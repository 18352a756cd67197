import { DownOutlined } from '@ant-design/icons'
import { Button, Dropdown, Space, Tabs } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Facts } from '@/design/Facts'
import { Mark } from '@/design/Mark'
import { useNotice } from '@/design/notice'
import { Panel } from '@/design/Panel'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { useChangeTag, useTagHistory } from '../queries'
import type { Tag, TagGroup } from '../types'
import { ChangeList } from './ChangeList'
import { EndDialog } from './EndDialog'
import { ExceptionList } from './ExceptionList'
import { PutDrawer } from './PutDrawer'
import { TagDrawer } from './TagDrawer'
import { TagMembers } from './TagMembers'

type Props = { tag: Tag; groups: TagGroup[]; onChoose: (id: string | undefined) => void }

/** One tag: who carries it, what happened with it, and what can be done with it. */
export function TagSheet({ tag, groups, onChoose }: Props) {
  const { t } = useTranslation('tags')
  const { count } = useFormat()
  const can = useCan()
  const { done, refused } = useNotice()
  const change = useChangeTag()
  const [dialog, setDialog] = useState<'edit' | 'put' | 'delete' | 'merge' | null>(null)
  const isActive = tag.state === 'active'
  const turn = () => change.mutate({ id: tag.id, state: isActive ? 'retired' : 'active' }, { onSuccess: () => done(t('saved')), onError: refused })
  const more = [
    { key: 'edit', label: t('edit'), onClick: () => setDialog('edit') },
    { key: 'turn', label: t(isActive ? 'tag.retire' : 'tag.revive'), onClick: turn },
    { key: 'merge', label: t('merge.button'), onClick: () => setDialog('merge') },
    { key: 'delete', label: t('delete'), danger: true, onClick: () => setDialog('delete') },
  ]
  const acts = (
    <Space wrap>
      {can(permissions.tagDefine) && <Dropdown menu={{ items: more }} trigger={['click']}><Button>{t('tag.manage')} <DownOutlined /></Button></Dropdown>}
      {can(permissions.tagWrite) && <Button type="primary" onClick={() => setDialog('put')}>{t('put.button')}</Button>}
    </Space>
  )
  return (
    <Panel title={<Space wrap><span><span className="faint">{tag.group} / </span>{tag.name}</span>{!isActive && <Mark>{t('states.retired')}</Mark>}{tag.rule_audience_id && <Mark tone="busy">{t('rule.title')}</Mark>}</Space>} extra={acts}>
      <Facts
        columns={2}
        facts={[
          { label: t('tag.members'), value: <strong className="num">{count(tag.members)}</strong> },
          { label: t('tag.expiry'), value: tag.expires_after_days ? t('tag.afterDays', { count: tag.expires_after_days }) : t('tag.never') },
          tag.rule_audience_id ? { label: t('rule.audience'), value: <span className="mono">{tag.rule_audience_id}</span> } : null,
          tag.description ? { label: t('description'), value: tag.description } : null,
        ]}
      />
      <Tabs
        items={[
          { key: 'members', label: t('tabs.members'), children: <TagMembers tag={tag} onPut={() => setDialog('put')} /> },
          { key: 'history', label: t('tabs.history'), children: <History id={tag.id} /> },
          ...(tag.rule_audience_id || tag.exceptions ? [{ key: 'exceptions', label: t('tabs.exceptions', { count: tag.exceptions }), children: <ExceptionList tag={tag} /> }] : []),
        ]}
      />
      {dialog === 'edit' && <TagDrawer tag={tag} onClose={() => setDialog(null)} />}
      {dialog === 'put' && <PutDrawer tag={tag} onClose={() => setDialog(null)} />}
      {(dialog === 'delete' || dialog === 'merge') && <EndDialog tag={tag} groups={groups} verb={dialog} onClose={() => setDialog(null)} onDone={onChoose} />}
    </Panel>
  )
}

function History({ id }: { id: string }) {
  const history = useTagHistory(id)
  const more = { has: history.hasNextPage, loading: history.isFetchingNextPage, load: () => void history.fetchNextPage() }
  return <ChangeList rows={history.rows} shows="member" more={more} problem={history.error} />
}

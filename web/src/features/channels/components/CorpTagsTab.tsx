import { Segmented, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Mark } from '@/design/Mark'
import { useNotice } from '@/design/notice'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { RowCard } from '@/design/RowCard'
import { Stat, Stats } from '@/design/Stat'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { useCompareTags, useCorpTags, useRuleTagGroup } from '../tagQueries'
import type { Account, CorpTagGroup } from '../types'
import { JobButton } from './JobButton'
import { TagDifferences } from './TagDifferences'

const SHOWN = 6

/** The corp's tags beside ours: which groups are linked, whose word counts in each, and what a person has to decide. */
export function CorpTagsTab({ account }: { account: Account }) {
  const { t } = useTranslation('channels')
  const { count, ago, instant } = useFormat()
  const can = useCan()
  const library = useCorpTags(account.id)
  const compare = useCompareTags()
  const known = library.data
  if (library.error) return <ProblemNote problem={library.error} retry={() => void library.refetch()} />
  const open = known?.groups.reduce((sum, group) => sum + group.differences, 0)
  return (
    <div className="stack">
      <Stats columns={4}>
        <Stat label={t('corpTags.open')} value={count(open)} definition={t('corpTags.openWhat')} />
        <Stat label={t('corpTags.waiting')} value={count(known?.upkeep.waiting)} definition={t('corpTags.waitingWhat')} />
        <Stat label={t('corpTags.failing')} value={count(known?.upkeep.failing)} definition={t('corpTags.failingWhat')} />
        <Stat label={t('corpTags.compared')} value={<span title={instant(known?.upkeep.synced_at)}>{ago(known?.upkeep.synced_at)}</span>} />
      </Stats>
      <Panel flush title={t('corpTags.groups')} extra={can(permissions.corpTagSync) && <JobButton label={t('corpTags.compare')} start={() => compare.mutateAsync(account.id)} fresh="corp-tags" />}>
        <GroupTable groups={known?.groups} />
        <p className="soft" style={{ padding: '10px 16px', margin: 0 }}>{t('corpTags.rule')}</p>
      </Panel>
      <TagDifferences account={account} groups={known?.groups ?? []} />
    </div>
  )
}

function GroupTable({ groups }: { groups?: CorpTagGroup[] }) {
  const { t } = useTranslation('channels')
  const { count } = useFormat()
  const can = useCan()
  const { done, refused } = useNotice()
  const rule = useRuleTagGroup()
  const may = can(permissions.corpTagSync)
  const saved = { onSuccess: () => done(t('corpTags.ruled')), onError: refused }
  const living = (group: CorpTagGroup) => group.tags.filter((tag) => !tag.is_gone)
  const names = (group: CorpTagGroup) => (
    <span className="row" style={{ gap: 4, maxWidth: 520 }}>
      {living(group).slice(0, SHOWN).map((tag) => <Mark key={tag.tag_id} tone={tag.our_tag_id && group.is_linked ? 'good' : 'plain'}>{tag.name}</Mark>)}
      {living(group).length > SHOWN && <span className="faint">{t('corpTags.more', { count: living(group).length })}</span>}
    </span>
  )
  const winner = (group: CorpTagGroup) => group.is_linked
    ? <Segmented size="small" disabled={!may || rule.isPending} value={group.winner} onChange={(value) => rule.mutate({ id: group.group_id, winner: value }, saved)} options={(['wecom', 'wellspring'] as const).map((value) => ({ value, label: t(`corpTags.winner.${value}`) }))} />
    : <span className="faint">{t('corpTags.apart')}</span>
  const linked = (group: CorpTagGroup) => <Switch size="small" aria-label={t('corpTags.linkOf', { name: group.name })} disabled={!may || rule.isPending} checked={group.is_linked} onChange={(value) => rule.mutate({ id: group.group_id, is_linked: value }, saved)} />
  const name = (group: CorpTagGroup) => group.our_group_id && group.is_linked && can(permissions.tags) ? <Link to={`/tags?chosen=${group.our_group_id}`}><strong>{group.name}</strong></Link> : <strong>{group.name}</strong>
  const different = (group: CorpTagGroup) => group.differences > 0 ? <Mark tone="warn">{count(group.differences)}</Mark> : <span className="num faint">0</span>
  return (
    <DataTable<CorpTagGroup>
      label={t('corpTags.groups')}
      rows={groups}
      rowKey={(group) => group.group_id}
      empty={<Empty small title={t('corpTags.empty')} hint={t('corpTags.emptyHint')} />}
      columns={[
        { title: t('corpTags.group'), render: (_, group) => name(group) },
        { title: t('corpTags.tags'), render: (_, group) => names(group) },
        { title: t('corpTags.linked'), render: (_, group) => linked(group) },
        { title: t('corpTags.wins'), render: (_, group) => winner(group) },
        { title: t('corpTags.open'), align: 'right', render: (_, group) => different(group) },
      ]}
      card={(group) => <RowCard title={name(group)} side={linked(group)} lines={[names(group), <span key="w" className="row">{t('corpTags.wins')} {winner(group)}</span>]} />}
    />
  )
}

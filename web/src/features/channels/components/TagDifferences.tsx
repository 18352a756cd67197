import { Button, Popconfirm, Segmented } from 'antd'
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

import { useDecideTag, useTagDifferences } from '../tagQueries'
import type { Account, CorpTagGroup, TagDecision, TagDifference } from '../types'

const decisions: Record<TagDifference['kind'], TagDecision[]> = { gone_there: ['remake', 'keep', 'delete'], gone_here: ['remake', 'keep', 'delete'], name: ['keep'] }

/** What one side deleted or named so that the other cannot follow: nothing is deleted before somebody says so here. */
export function TagDifferences({ account, groups }: { account: Account; groups: CorpTagGroup[] }) {
  const { t } = useTranslation('channels')
  const { instant } = useFormat()
  const [isOpen, setOpen] = useState(true)
  const found = useTagDifferences(account.id, isOpen)
  const winner = (one: TagDifference) => groups.find((group) => group.name === one.group_name)?.winner
  const what = (one: TagDifference) => <Mark tone={one.decision ? 'plain' : 'warn'}>{t(`corpTags.kinds.${one.kind}`)}</Mark>
  const rule = (one: TagDifference) => { const side = winner(one); return side ? t('corpTags.sideWins', { side: t(`corpTags.winner.${side}`) }) : '–' }
  const outcome = (one: TagDifference) => one.decision
    ? <span>{t(`corpTags.decisions.${one.kind}.${one.decision}`)} <small className="faint num">{instant(one.decided_at)}</small></span>
    : <Decide difference={one} />
  return (
    <Panel flush title={t('corpTags.differences')} extra={<Segmented size="small" value={isOpen ? 'open' : 'decided'} onChange={(value) => setOpen(value === 'open')} options={(['open', 'decided'] as const).map((value) => ({ value, label: t(`corpTags.shown.${value}`) }))} />}>
      <DataTable<TagDifference>
        label={t('corpTags.differences')}
        rows={found.rows}
        rowKey={(one) => one.id}
        problem={found.error}
        retry={() => void found.refetch()}
        empty={<Empty small title={t(isOpen ? 'corpTags.agree' : 'corpTags.undecided')} hint={isOpen ? t('corpTags.agreeHint') : undefined} />}
        more={{ has: found.hasNextPage, loading: found.isFetchingNextPage, load: () => void found.fetchNextPage() }}
        columns={[
          { title: t('corpTags.tag'), render: (_, one) => <><strong>{one.name}</strong> <small className="soft">{one.group_name}</small></> },
          { title: t('corpTags.what'), render: (_, one) => what(one) },
          { title: t('corpTags.wins'), render: (_, one) => rule(one) },
          { title: t('corpTags.at'), render: (_, one) => <span className="num">{instant(one.at)}</span> },
          { title: t(isOpen ? 'corpTags.decide' : 'corpTags.decided'), render: (_, one) => outcome(one) },
        ]}
        card={(one) => <RowCard title={`${one.group_name} / ${one.name}`} side={what(one)} lines={[<span key="r" className="soft">{rule(one)} · {instant(one.at)}</span>, outcome(one)]} />}
      />
    </Panel>
  )
}

function Decide({ difference }: { difference: TagDifference }) {
  const { t } = useTranslation('channels')
  const can = useCan()
  const { done, refused } = useNotice()
  const decide = useDecideTag()
  if (!can(permissions.corpTagSync)) return <span className="faint">–</span>
  const carry = (decision: TagDecision) => decide.mutate({ id: difference.id, decision }, { onSuccess: () => done(t('corpTags.carried')), onError: refused })
  return (
    <span className="row">
      {decisions[difference.kind].map((decision) => {
        const label = t(`corpTags.decisions.${difference.kind}.${decision}`)
        return decision === 'delete'
          ? <Popconfirm key={decision} title={t('corpTags.deleteSure', { name: difference.name })} onConfirm={() => carry(decision)}><Button size="small" danger loading={decide.isPending}>{label}</Button></Popconfirm>
          : <Button key={decision} size="small" loading={decide.isPending} onClick={() => carry(decision)}>{label}</Button>
      })}
    </span>
  )
}

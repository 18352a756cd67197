import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { FilterBar } from '@/design/FilterBar'
import { Mark } from '@/design/Mark'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { useFetchFollowers, useFollowers } from '../followerQueries'
import type { Account, Follower } from '../types'
import { JobButton } from './JobButton'

const choices = ['all', 'yes', 'no'] as const

/** Who follows an Official Account, or opened a Mini Program, and who that is among the members. */
export function FollowersTab({ account }: { account: Account }) {
  const { t } = useTranslation('channels')
  const { instant } = useFormat()
  const can = useCan()
  const [read, write] = useUrlState()
  const chosen = read('following')
  const isMini = account.kind === 'mini'
  const words = isMini ? 'opened' : 'followed'
  const followers = useFollowers(account.id, chosen === undefined || isMini ? undefined : chosen === 'yes')
  const fetch = useFetchFollowers()
  const mark = (one: Follower) => one.is_following ? <Mark tone="good">{t(`followers.${words}.yes`)}</Mark> : <Mark>{t(`followers.${words}.no`)}</Mark>
  const who = (one: Follower) => one.member_id && can(permissions.members) ? <Link to={`/members/${one.member_id}`}>{t('contacts.toMember')}</Link> : <span className="faint">{t(one.member_no > 0 ? 'followers.hidden' : 'followers.nobody')}</span>
  const from = (one: Follower) => [one.subscribe_scene && t(`followers.scenes.${one.subscribe_scene}`, { defaultValue: one.subscribe_scene }), one.scene].filter(Boolean).join(' · ')
  const ask = !isMini && can(permissions.syncRun) && <JobButton label={t('followers.fetch')} start={() => fetch.mutateAsync(account.id)} fresh="followers" />
  return (
    <Panel flush>
      {!isMini && (
        <FilterBar active={chosen ? 1 : 0} onClear={() => write({ following: undefined })} trailing={ask}
          search={<Segmented value={chosen ?? 'all'} onChange={(value) => write({ following: value === 'all' ? undefined : String(value) })} options={choices.map((value) => ({ value, label: value === 'all' ? t('all') : t(`followers.followed.${value}`) }))} />} />
      )}
      <DataTable<Follower>
        label={t(isMini ? 'tabs.openers' : 'tabs.followers')}
        rows={followers.rows}
        rowKey={(one) => one.openid}
        problem={followers.error}
        retry={() => void followers.refetch()}
        empty={<Empty small title={t(`followers.empty.${words}`)} hint={t(`followers.emptyHint.${words}`)} />}
        more={{ has: followers.hasNextPage, loading: followers.isFetchingNextPage, load: () => void followers.fetchNextPage() }}
        columns={[
          { title: 'openid', render: (_, one) => <span className="mono">{one.openid}</span> },
          { title: t('followers.member'), render: (_, one) => who(one) },
          ...(isMini ? [] : [{ title: t('followers.state'), render: (_: unknown, one: Follower) => mark(one) }]),
          { title: t(`followers.${words}.at`), render: (_, one) => <span className="num">{instant(one.followed_at)}</span> },
          ...(isMini ? [] : [{ title: t('followers.left'), render: (_: unknown, one: Follower) => <span className="num">{instant(one.unfollowed_at)}</span> }]),
          { title: t('followers.from'), render: (_, one) => from(one) || <span className="faint">–</span> },
        ]}
        card={(one) => <RowCard title={<span className="mono">{one.openid}</span>} side={isMini ? undefined : mark(one)} lines={[<span key="w" className="row">{who(one)}<span className="num soft">{instant(one.followed_at)}</span></span>, from(one)]} />}
      />
    </Panel>
  )
}

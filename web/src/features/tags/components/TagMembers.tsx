import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Mark } from '@/design/Mark'
import { RowCard } from '@/design/RowCard'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { useTagMembers } from '../queries'
import type { Tag, TagMember } from '../types'
import { origin } from '../words'
import { LiftDialog } from './LiftDialog'

/** Who carries a tag, and how it came to that. */
export function TagMembers({ tag, onPut }: { tag: Tag; onPut: () => void }) {
  const { t } = useTranslation('tags')
  const { instant } = useFormat()
  const can = useCan()
  const go = useNavigate()
  const members = useTagMembers(tag.id)
  const [lifting, setLifting] = useState<TagMember | null>(null)
  const name = (one: TagMember) => one.name_masked ?? one.phone_masked ?? one.user_id ?? `#${one.member_no}`
  const until = (one: TagMember) => (one.expires_at ? instant(one.expires_at) : t('tag.never'))
  const lift = (one: TagMember) =>
    can(permissions.tagWrite) && <Button type="link" size="small" onClick={(event) => { event.stopPropagation(); setLifting(one) }}>{t('verbs.lift')}</Button>
  return (
    <>
      <DataTable<TagMember>
        size="small"
        label={t('tabs.members')}
        rows={members.rows}
        rowKey={(one) => one.id}
        problem={members.error}
        retry={() => void members.refetch()}
        onOpen={(one) => void go(`/members/${one.id}`)}
        empty={<Empty small title={t('members.empty')} hint={t('members.emptyHint')} action={can(permissions.tagWrite) && tag.state === 'active' && <Button onClick={onPut}>{t('put.button')}</Button>} />}
        more={{ has: members.hasNextPage, loading: members.isFetchingNextPage, load: () => void members.fetchNextPage() }}
        columns={[
          { title: t('put.member'), render: (_, one) => <span className="row" style={{ gap: 4 }}>{name(one)}{one.is_exception && <Mark tone="warn">{t('exceptions.short')}</Mark>}</span> },
          { title: t('members.phone'), render: (_, one) => <span className="num">{one.phone_masked ?? '–'}</span> },
          { title: t('members.since'), render: (_, one) => <span className="num">{instant(one.at)}</span> },
          { title: t('members.until'), render: (_, one) => <span className="num">{until(one)}</span> },
          { title: t('source'), render: (_, one) => origin(t, one.source) },
          { title: t('reason'), render: (_, one) => one.reason || '–' },
          { title: '', align: 'right', render: (_, one) => lift(one) },
        ]}
        card={(one) => <RowCard title={name(one)} side={lift(one)} lines={[`${instant(one.at)} · ${origin(t, one.source)}`, one.reason, one.expires_at ? `${t('members.until')} ${instant(one.expires_at)}` : null]} />}
      />
      {lifting && <LiftDialog memberId={lifting.id} tag={tag} onClose={() => setLifting(null)} />}
    </>
  )
}

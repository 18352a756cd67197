import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import type { Pages } from '@/lib/pages'

import type { MemberRow } from '../types'
import { MemberCard, useMemberColumns } from './memberColumns'

type Props = { members: Pick<Pages<MemberRow>, 'rows' | 'error' | 'hasNextPage' | 'isFetchingNextPage'> & Partial<Pick<Pages<MemberRow>, 'refetch' | 'fetchNextPage'>>; label: string; empty?: string }

/** Members in a table; a row opens the member. */
export function MemberList({ members, label, empty }: Props) {
  const { t } = useTranslation('audiences')
  const go = useNavigate()
  const columns = useMemberColumns()
  return (
    <DataTable<MemberRow>
      size="small"
      label={label}
      rows={members.rows}
      rowKey={(one) => one.id}
      columns={columns}
      card={(one) => <MemberCard member={one} />}
      problem={members.error}
      retry={() => void members.refetch?.()}
      onOpen={(one) => void go(`/members/${one.id}`)}
      empty={<Empty small title={empty ?? t('members.empty')} />}
      more={{ has: members.hasNextPage, loading: members.isFetchingNextPage, load: () => void members.fetchNextPage?.() }}
    />
  )
}

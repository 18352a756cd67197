import { ImportOutlined } from '@ant-design/icons'
import { Button, Empty as Nothing } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { permissions } from '@/lib/permissions'
import { dayEnd, dayStart } from '@/lib/days'
import { useCan, useSession } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { MemberCard } from '../components/MemberCard'
import { MemberFilters } from '../components/MemberFilters'
import { useMemberColumns } from '../components/memberColumns'
import { useMembers } from '../queries'
import { searchOf } from '../search'
import type { MemberRow } from '../types'

const flag = (text: string | undefined) => (text === undefined ? undefined : text === 'yes')

export function Members() {
  const { t } = useTranslation('people')
  const can = useCan()
  const go = useNavigate()
  const [read] = useUrlState()
  const zone = useSession().workspace.time_zone
  const [from, to] = [read('from'), read('to')]
  const filter = {
    ...searchOf(read('find') ?? '', read('kind')),
    source: read('source'), home_unit_id: read('unit'), identified: flag(read('identified')), has_orders: flag(read('buyers')),
    created_from: from && dayStart(from, zone), created_to: to && dayEnd(to, zone), sort: read('sort'),
  }
  const members = useMembers(filter)
  const columns = useMemberColumns()
  const isFiltered = Object.values(filter).some((value) => value !== undefined)
  const fromFile = can(permissions.importWrite) && <Link to="/imports/new?kind=members"><Button icon={<ImportOutlined />}>{t('list.import')}</Button></Link>
  return (
    <>
      <PageHead title={t('list.title')} subtitle={t('list.subtitle')} actions={fromFile} />
      <Panel flush>
        <MemberFilters total={members.total} shown={members.rows?.length} />
        <DataTable<MemberRow>
          label={t('list.title')}
          rows={members.rows}
          rowKey={(member) => member.id}
          columns={columns}
          problem={members.error}
          retry={() => void members.refetch()}
          onOpen={(member) => void go(`/members/${member.id}`)}
          card={(member) => <MemberCard member={member} />}
          empty={isFiltered ? <Nothing style={{ padding: 40 }} description={t('list.noMatch')} /> : <Empty title={t('list.empty')} hint={t('list.emptyHint')} action={fromFile} />}
          more={{ has: members.hasNextPage, loading: members.isFetchingNextPage, load: () => void members.fetchNextPage() }}
        />
      </Panel>
    </>
  )
}

import { QrcodeOutlined, SettingOutlined } from '@ant-design/icons'
import { Button, Empty as Nothing, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { FilterBar } from '@/design/FilterBar'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { RangeFilter } from '@/design/RangeFilter'
import { RowCard } from '@/design/RowCard'
import { dayEnd, dayStart } from '@/lib/days'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat, useSession } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { ContactDrawer } from '../components/ContactDrawer'
import { ContactName } from '../components/ContactName'
import { Following } from '../components/Following'
import { useContacts } from '../contactQueries'
import { AccountPicker } from '../pickers/AccountPicker'
import { CorpStaffPicker } from '../pickers/CorpStaffPicker'
import { useAccounts } from '../queries'
import type { Contact, RelationState } from '../types'

const states = ['all', 'following', 'lost', 'deleted', 'transferred']

/** WeCom contacts with those of the staff who follow them. */
export function Contacts() {
  const { t } = useTranslation('channels')
  const { ago, instant } = useFormat()
  const can = useCan()
  const zone = useSession().workspace.time_zone
  const [read, write] = useUrlState()
  const accounts = useAccounts()
  const [from, to, chosen] = [read('from'), read('to'), read('chosen')]
  const accountId = read('account') ?? accounts.data?.find((account) => account.kind === 'wecom')?.id
  const filter = {
    account_id: read('account'), userid: read('userid'), state: read('state') as RelationState | undefined,
    from: from && dayStart(from, zone), to: to && dayEnd(to, zone),
  }
  const contacts = useContacts(filter)
  const active = Object.values(filter).filter(Boolean).length
  const isConnected = accountId !== undefined
  const makeCode = can(permissions.codeWrite) && <Link to="/channel-codes/new"><Button type="primary" icon={<QrcodeOutlined />}>{t('contacts.makeCode')}</Button></Link>
  const setUp = can(permissions.accounts) && <Link to="/accounts"><Button type="primary" icon={<SettingOutlined />}>{t('contacts.connect')}</Button></Link>
  const open = (contact: Contact) => write({ chosen: `${contact.account_id}/${contact.external_userid}` })
  return (
    <>
      <PageHead title={t('contacts.title')} subtitle={t('contacts.subtitle')} />
      <Panel flush>
        <FilterBar active={active} onClear={() => write({ account: undefined, userid: undefined, state: undefined, from: undefined, to: undefined })}
          search={<Segmented value={filter.state ?? 'all'} onChange={(value) => write({ state: value === 'all' ? undefined : String(value) })} options={states.map((value) => ({ value, label: value === 'all' ? t('all') : t(`relations.${value}`) }))} />}>
          <AccountPicker value={read('account')} onChange={(account) => write({ account, userid: undefined })} />
          <CorpStaffPicker accountId={accountId} value={filter.userid} onChange={(userid) => write({ userid })} />
          <RangeFilter from={from} to={to} onChange={(start, end) => write({ from: start, to: end })} label={t('contacts.added')} />
        </FilterBar>
        <DataTable<Contact>
          label={t('contacts.title')}
          rows={contacts.rows}
          rowKey={(contact) => `${contact.account_id}/${contact.external_userid}`}
          problem={contacts.error}
          retry={() => void contacts.refetch()}
          onOpen={open}
          empty={active ? <Nothing style={{ padding: 40 }} description={t('contacts.noMatch')} /> : <Empty title={t('contacts.empty')} hint={t(isConnected ? 'contacts.emptyConnected' : 'contacts.emptyHint')} action={isConnected ? makeCode : setUp} />}
          more={{ has: contacts.hasNextPage, loading: contacts.isFetchingNextPage, load: () => void contacts.fetchNextPage() }}
          columns={[
            { title: t('contacts.one'), render: (_, contact) => <ContactName contact={contact} /> },
            { title: t('contacts.staff'), render: (_, contact) => <Following contact={contact} /> },
            { title: t('contacts.way'), render: (_, contact) => wayOf(contact, t) },
            { title: t('contacts.state'), render: (_, contact) => stateOf(contact) },
            { title: t('contacts.lastAdded'), render: (_, contact) => <span className="num" title={instant(contact.last_added_at)}>{ago(contact.last_added_at)}</span> },
            { title: t('contacts.member'), render: (_, contact) => contact.member_id && can(permissions.members) ? <Link to={`/members/${contact.member_id}`} onClick={(event) => event.stopPropagation()}>{t('contacts.toMember')}</Link> : <span className="faint">–</span> },
          ]}
          card={(contact) => <RowCard title={<ContactName contact={contact} />} side={<span className="num soft">{ago(contact.last_added_at)}</span>} lines={[<Following key="f" contact={contact} />, wayOf(contact, t)]} />}
        />
      </Panel>
      {chosen && <ContactDrawer accountId={chosen.split('/')[0] ?? ''} externalUserid={chosen.split('/')[1] ?? ''} onClose={() => write({ chosen: undefined })} />}
    </>
  )
}

/** The newest relation tells how a contact came. */
function newest(contact: Contact) {
  return [...contact.relations].sort((one, other) => (other.added_at ?? '').localeCompare(one.added_at ?? ''))[0]
}

function wayOf(contact: Contact, t: (key: string, more?: { defaultValue: string }) => string) {
  const relation = newest(contact)
  return relation ? t(`addWays.${relation.add_way}`, { defaultValue: String(relation.add_way) }) : '–'
}

function stateOf(contact: Contact) {
  const text = newest(contact)?.state_text
  return text ? <span className="mono">{text}</span> : <span className="faint">–</span>
}

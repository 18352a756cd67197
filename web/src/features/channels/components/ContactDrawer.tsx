import { EyeOutlined } from '@ant-design/icons'
import { Button, Drawer } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Facts } from '@/design/Facts'
import { Mark } from '@/design/Mark'
import { useNotice } from '@/design/notice'
import { ProblemNote } from '@/design/ProblemNote'
import { Waiting } from '@/design/Waiting'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { useContact, useReveal } from '../contactQueries'
import { useCorpTags } from '../tagQueries'
import type { Contact, Relation } from '../types'
import { relationTones } from '../words'
import { ContactName } from './ContactName'
import { StaffName } from './StaffName'

const WIDTH = 560

/** One contact: who follows and followed, since when, by which way, and who that is among the members. */
export function ContactDrawer({ accountId, externalUserid, onClose }: { accountId: string; externalUserid: string; onClose: () => void }) {
  const { t } = useTranslation('channels')
  const contact = useContact(accountId, externalUserid)
  return (
    <Drawer open title={t('contacts.one')} size={Math.min(WIDTH, window.innerWidth)} onClose={onClose}>
      <ProblemNote problem={contact.error} retry={() => void contact.refetch()} />
      {contact.isPending && <Waiting />}
      {contact.data && <Sheet contact={contact.data} />}
    </Drawer>
  )
}

function Sheet({ contact }: { contact: Contact }) {
  const { t } = useTranslation('channels')
  const { instant } = useFormat()
  const can = useCan()
  const { refused } = useNotice()
  const reveal = useReveal()
  const plain = reveal.data?.name
  return (
    <div className="stack">
      <div className="spread">
        {plain ? <strong data-testid="plain-name">{plain}</strong> : <ContactName contact={contact} />}
        <span className="row">
          {can(permissions.pii) && !plain && <Button size="small" icon={<EyeOutlined />} loading={reveal.isPending} onClick={() => reveal.mutate(contact, { onError: refused })}>{t('contacts.reveal')}</Button>}
          {contact.member_id && can(permissions.members) && <Link to={`/members/${contact.member_id}`}><Button size="small" type="primary">{t('contacts.toMember')}</Button></Link>}
        </span>
      </div>
      <Facts facts={[
        { label: 'external_userid', value: <span className="mono">{contact.external_userid}</span> },
        { label: t('contacts.unionid'), value: t(contact.has_unionid ? 'contacts.hasUnionid' : 'contacts.noUnionid') },
        { label: t('contacts.firstAdded'), value: instant(contact.first_added_at) },
        { label: t('contacts.lastAdded'), value: instant(contact.last_added_at) },
        { label: t('contacts.fetched'), value: instant(contact.fetched_at) },
      ]} />
      <h3 style={{ margin: 0, fontSize: 15 }}>{t('contacts.relations')}</h3>
      {contact.relations.map((relation) => <Line key={`${relation.userid}`} relation={relation} />)}
    </div>
  )
}

function Line({ relation }: { relation: Relation }) {
  const { t } = useTranslation('channels')
  const { instant } = useFormat()
  return (
    <div style={{ borderTop: '1px solid var(--ws-color-border-secondary)', paddingTop: 10 }}>
      <div className="spread" style={{ marginBottom: 6 }}>
        <strong><StaffName accountId={relation.account_id} userid={relation.userid} /></strong>
        <span className="row">{relation.is_half && <Mark tone="warn">{t('relations.half')}</Mark>}<Mark tone={relationTones[relation.state]}>{t(`relations.${relation.state}`)}</Mark></span>
      </div>
      <Facts columns={2} facts={[
        { label: t('contacts.added'), value: instant(relation.added_at) },
        relation.ended_at !== null && { label: t('contacts.ended'), value: instant(relation.ended_at) },
        { label: t('contacts.way'), value: t(`addWays.${relation.add_way}`, { defaultValue: String(relation.add_way) }) },
        relation.state_text !== '' && { label: t('contacts.state'), value: <span className="mono">{relation.state_text}</span> },
        relation.remark_masked !== null && { label: t('contacts.remark'), value: relation.remark_masked },
        relation.tag_ids.length > 0 && { label: t('contacts.tags'), value: <TagNames relation={relation} /> },
      ]} />
    </div>
  )
}

/** The names of corp tags; how many there are where the library is not to be seen. */
function TagNames({ relation }: { relation: Relation }) {
  const { t } = useTranslation('channels')
  const library = useCorpTags(useCan()(permissions.corpTags) ? relation.account_id : undefined)
  const names = new Map(library.data?.groups.flatMap((group) => group.tags.map((tag) => [tag.tag_id, tag.name] as const)))
  const known = relation.tag_ids.flatMap((id) => names.get(id) ?? [])
  if (known.length < relation.tag_ids.length) return <>{[...known, t('contacts.tagCount', { count: relation.tag_ids.length })].join(' · ')}</>
  return <span className="row" style={{ gap: 4 }}>{known.map((name) => <Mark key={name} tone="good">{name}</Mark>)}</span>
}

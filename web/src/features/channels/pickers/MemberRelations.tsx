import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Mark } from '@/design/Mark'
import { Panel } from '@/design/Panel'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { StaffName } from '../components/StaffName'
import { useMemberChats, useMemberRelations } from '../memberQueries'
import { relationTones } from '../words'

/** Who of the staff follows a member in WeCom, and which groups the member is in. Nothing is shown of somebody who is no contact. */
export function MemberRelations({ memberId }: { memberId: string }) {
  const { t } = useTranslation('channels')
  const { instant } = useFormat()
  const can = useCan()
  const relations = useMemberRelations(memberId)
  const chats = useMemberChats(memberId, can(permissions.chats))
  const present = chats.data?.filter((chat) => !chat.left_at) ?? []
  if (!relations.data?.length && present.length === 0) return null
  return (
    <Panel title={t('member.title')}>
      <div className="stack-small">
        {relations.data?.map((one) => (
          <div key={`${one.account_id}/${one.external_userid}/${one.userid}`} className="spread">
            <span><StaffName accountId={one.account_id} userid={one.userid} /> <small className="faint num">{instant(one.added_at, 'day')}</small></span>
            <Mark tone={relationTones[one.state]}>{t(`relations.${one.state}`)}</Mark>
          </div>
        ))}
        {present.map((chat) => (
          <div key={chat.chat_id} className="spread">
            <Link to={`/groups/${encodeURIComponent(chat.chat_id)}`}>{chat.name || t('groups.unnamed')}</Link>
            <small className="faint num">{t('member.since', { at: instant(chat.joined_at, 'day') })}</small>
          </div>
        ))}
      </div>
    </Panel>
  )
}

import { useTranslation } from 'react-i18next'

import { Mark } from '@/design/Mark'

import type { Contact, Relation } from '../types'
import { relationTones } from '../words'
import { StaffName } from './StaffName'

const SHOWN = 3

/** Who of the staff follows a contact, the present ones first; more than three are counted. */
export function Following({ contact }: { contact: Contact }) {
  const { t } = useTranslation('channels')
  const present = (relation: Relation) => Number(relation.state === 'following')
  const relations = [...contact.relations].sort((one, other) => present(other) - present(one))
  if (relations.length === 0) return <span className="faint">–</span>
  return (
    <span className="row" style={{ gap: 4 }}>
      {relations.slice(0, SHOWN).map((relation) => (
        <Mark key={relation.userid} tone={relationTones[relation.state]}>
          <StaffName accountId={relation.account_id} userid={relation.userid} />
          {relation.state !== 'following' && ` · ${t(`relations.${relation.state}`)}`}
        </Mark>
      ))}
      {relations.length > SHOWN && <span className="faint">{t('contacts.moreStaff', { count: relations.length - SHOWN })}</span>}
    </span>
  )
}

import { Avatar } from 'antd'
import { useTranslation } from 'react-i18next'

import { Mark } from '@/design/Mark'
import { colours } from '@/design/tokens'

import type { Contact } from '../types'

/** A contact by its masked name. Pictures of customers stay with the platform: a letter stands for them. */
export function ContactName({ contact }: { contact: Contact }) {
  const { t } = useTranslation('channels')
  const name = contact.name_masked || t('contacts.unnamed')
  return (
    <span className="row" style={{ gap: 8, flexWrap: 'nowrap' }}>
      <Avatar size={26} style={{ background: colours.wellSoft, color: colours.well, flex: 'none' }} aria-hidden="true">{name.slice(0, 1)}</Avatar>
      <strong>{name}</strong>
      {contact.kind === 2 && <Mark tone="busy">{t('contacts.ofWecom')}</Mark>}
    </span>
  )
}

import type { TFunction } from 'i18next'

import type { MemberRow } from './types'

type Called = Pick<MemberRow, 'name_masked' | 'phone_masked' | 'email_masked' | 'user_id' | 'buyer_masked' | 'member_no'> & { identified?: boolean }

/** What to call a member: a masked name, else what is known; whoever bought or is somebody's contact without a name is no anonymous visitor. */
export function displayName(member: Called, t: TFunction<'people'>): string {
  const known = member.name_masked ?? member.phone_masked ?? member.email_masked ?? member.user_id
  if (known) return known
  return member.buyer_masked ? `${t('unnamed')} ${member.buyer_masked}` : `${t(member.identified ? 'unnamed' : 'anonymous')} #${member.member_no}`
}

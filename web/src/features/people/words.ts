import type { MemberRow } from './types'

/** What to call a member: a masked name, else what is known, else "anonymous" and the number. */
export function displayName(member: Pick<MemberRow, 'name_masked' | 'phone_masked' | 'email_masked' | 'user_id' | 'member_no'>, anonymous: string): string {
  return member.name_masked ?? member.phone_masked ?? member.email_masked ?? member.user_id ?? `${anonymous} #${member.member_no}`
}

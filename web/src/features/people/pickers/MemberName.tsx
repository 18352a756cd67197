import { useTranslation } from 'react-i18next'

import { displayName } from '../words'

/** What a customer is called, alike wherever customers are listed. */
export function MemberName({ member }: { member: Parameters<typeof displayName>[0] }) {
  const { t } = useTranslation('people')
  return <>{displayName(member, t)}</>
}

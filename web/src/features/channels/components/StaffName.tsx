import { useTranslation } from 'react-i18next'

import { useCorpStaff } from '../queries'

/** Who a userid is: the name, and the userid where nobody knows more. */
export function StaffName({ accountId, userid }: { accountId: string; userid: string }) {
  const { t } = useTranslation('channels')
  const staff = useCorpStaff(accountId)
  const known = staff.data?.find((one) => one.userid === userid)
  if (!known) return <span className="mono">{userid}</span>
  return <span title={userid}>{known.name || userid}{!known.is_active && <small className="faint"> {t('staff.left')}</small>}</span>
}

import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Empty } from '@/design/Empty'
import { Mark } from '@/design/Mark'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'

import { useMemberAudiences } from '../queries'

/** The audiences that a member is in, each with its reason one click away. */
export function MemberAudiences({ memberId }: { memberId: string }) {
  const { t } = useTranslation('audiences')
  const audiences = useMemberAudiences(memberId)
  return (
    <Panel title={t('memberCard.title')} flush data-testid="member-audiences">
      <ProblemNote problem={audiences.error} />
      {audiences.data?.rows.length === 0 && <Empty small title={t('memberCard.empty')} />}
      <ul style={{ listStyle: 'none', margin: 0, padding: '4px 18px' }}>
        {audiences.data?.rows.map((audience) => (
          <li key={audience.id} className="spread" style={{ padding: '6px 0' }}>
            <span className="row" style={{ gap: 6 }}><Link to={`/audiences/${audience.id}`}>{audience.name}</Link>{audience.by_hand && <Mark tone="warn">{t(`why.hand_${audience.by_hand}`)}</Mark>}</span>
            {!audience.is_list && <Link to={`/audiences/${audience.id}?tab=why&member=${memberId}`} className="soft">{t('memberCard.why')}</Link>}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

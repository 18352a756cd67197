import { ExperimentOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { permissions } from '@/lib/permissions'
import { useCan } from '@/lib/session'

import { useNewestExperiment } from '../queries'

/** The way from a campaign or journey to what it earned; nothing while nobody was in its experiment. */
export function EffectLink({ originId }: { originId: string }) {
  const can = useCan()
  return can(permissions.proof) ? <Shown originId={originId} /> : null
}

function Shown({ originId }: { originId: string }) {
  const { t } = useTranslation('proof')
  const found = useNewestExperiment(originId)
  return found.data ? <Link to={`/experiments/${found.data.id}`}><Button icon={<ExperimentOutlined />}>{t('effectOf')}</Button></Link> : null
}

import { Tag, Timeline } from 'antd'
import { useTranslation } from 'react-i18next'

import { Empty } from '@/design/Empty'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { useFormat } from '@/lib/session'

import { useSources } from '../codes/queries'
import type { Source } from '../codes/types'

/** By which ways a member came: the first one is kept, later ones are listed. */
export function MemberSources({ id }: { id: string }) {
  const { t } = useTranslation('codes')
  const { instant } = useFormat()
  const sources = useSources(id)
  if (sources.error) return <ProblemNote problem={sources.error} />
  const line = (source: Source) => (
    <>
      <strong>{source.code_name || t('sources.other')}</strong> {source.is_first && <Tag color="success">{t('sources.first')}</Tag>}
      <div className="soft">{[source.staff_name, source.unit_name].filter(Boolean).join(' · ')}</div>
      <div className="faint num">{instant(source.at)}{source.left_at && ` → ${t('sources.left', { at: instant(source.left_at) })}`}</div>
    </>
  )
  return (
    <Panel title={t('sources.title')}>
      {sources.data?.length === 0 ? <Empty small title={t('sources.none')} /> : <Timeline items={sources.data?.map((source, place) => ({ key: place, content: line(source) }))} />}
    </Panel>
  )
}

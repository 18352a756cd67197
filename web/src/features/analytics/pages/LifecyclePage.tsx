import { Alert } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Facts } from '@/design/Facts'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { RowCard } from '@/design/RowCard'
import { Waiting } from '@/design/Waiting'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { SaveAudience } from '../components/SaveAudience'
import { StageFunnel } from '../components/StageFunnel'
import { StagesChart } from '../components/StagesChart'
import { useLifecycle, type CategoryCycle, type Wish } from '../rhythms'

export function LifecyclePage() {
  const { t } = useTranslation('rfm')
  const { count } = useFormat()
  const can = useCan()
  const [wish, setWish] = useState<Wish | null>(null)
  const lifecycle = useLifecycle()
  const known = lifecycle.data
  const days = (value: number | undefined) => (value === undefined ? '–' : t('days', { days: Math.round(value) }))
  const isEmpty = known && known.weeks.length === 0 && !known.is_refreshing
  return (
    <>
      <PageHead title={t('lifecycle')} subtitle={known?.on ? t('lifecycleSubtitle', { day: known.on }) : t('lifecycleBare')} />
      <ProblemNote problem={lifecycle.error} retry={() => void lifecycle.refetch()} />
      {lifecycle.isPending && <Waiting />}
      {known?.is_refreshing && <Alert type="info" showIcon title={t('refreshing')} style={{ marginBottom: 16 }} />}
      {isEmpty && <Panel><Empty title={t('empty')} hint={t('emptyHint')} /></Panel>}
      {known && known.weeks.length > 0 && (
        <div className="stack">
          <div className="two">
            <StageFunnel lifecycle={known} onWish={can(permissions.audienceWrite) ? setWish : undefined} />
            <Panel title={t('rhythm')}>
              <Facts facts={[
                { label: t('cycle'), value: days(known.cycle_days) },
                { label: t('second'), value: days(known.second_days[0]) },
                { label: t('secondSleeping'), value: days(known.second_days[1]) },
                { label: t('secondLost'), value: days(known.second_days[2]) },
                { label: t('repeaters'), value: count(known.repeaters) },
              ]} />
              <p className="faint" style={{ marginTop: 12 }}>{t('rhythmWhat')}</p>
            </Panel>
          </div>
          <StagesChart lifecycle={known} />
          <Panel title={t('categories')} flush>
            <DataTable<CategoryCycle> size="small" label={t('categories')} rows={known.categories} rowKey={(each) => each.category}
              empty={<Empty small title={t('noCategories')} />}
              columns={[
                { title: t('category'), dataIndex: 'category' },
                { title: t('cycle'), align: 'right', render: (_, each) => <span className="num">{days(each.cycle_days)}</span> },
                { title: t('repeaters'), align: 'right', render: (_, each) => <span className="num">{count(each.repeaters)}</span> },
              ]}
              card={(each) => <RowCard title={each.category} side={days(each.cycle_days)} lines={[`${t('repeaters')} ${count(each.repeaters)}`]} />} />
          </Panel>
        </div>
      )}
      {wish && <SaveAudience wish={wish} onClose={() => setWish(null)} />}
    </>
  )
}

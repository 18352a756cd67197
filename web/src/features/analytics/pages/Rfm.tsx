import { Alert, DatePicker } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Empty } from '@/design/Empty'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { Waiting } from '@/design/Waiting'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { HeatMap } from '../components/HeatMap'
import { MovementList } from '../components/MovementList'
import { SaveAudience } from '../components/SaveAudience'
import { SegmentList } from '../components/SegmentList'
import { useRfm, type Wish } from '../rhythms'

export function Rfm() {
  const { t } = useTranslation('rfm')
  const { count, money } = useFormat()
  const can = useCan()
  const [read, write] = useUrlState()
  const [wish, setWish] = useState<Wish | null>(null)
  const since = read('since')
  const rfm = useRfm(since)
  const known = rfm.data
  const onWish = can(permissions.audienceWrite) ? setWish : undefined
  const subtitle = known?.on ? t('subtitle', { day: known.on, days: known.window_days, buyers: count(known.buyers), amount: money(known.net_minor, known.currency) }) : t('subtitleBare')
  const compare = (
    <DatePicker allowClear placeholder={t('compare')} aria-label={t('compare')} value={since ? dayjs(since) : null}
      disabledDate={(day) => day.isAfter(known?.on ? dayjs(known.on).subtract(1, 'day') : dayjs())} onChange={(day) => write({ since: day?.format('YYYY-MM-DD') })} />
  )
  return (
    <>
      <PageHead title={t('title')} subtitle={subtitle} actions={compare} />
      <ProblemNote problem={rfm.error} retry={() => void rfm.refetch()} />
      {rfm.isPending && <Waiting />}
      {known?.is_refreshing && <Alert type="info" showIcon title={t('refreshing')} style={{ marginBottom: 16 }} />}
      {known && known.buyers === 0 && !known.is_refreshing && <Panel><Empty title={t('empty')} hint={t('emptyHint')} /></Panel>}
      {known && known.buyers > 0 && (
        <div className="stack">
          <div className="two">
            <HeatMap rfm={known} onWish={onWish} />
            <MovementList rfm={known} />
          </div>
          <SegmentList rfm={known} onWish={onWish} />
        </div>
      )}
      {wish && <SaveAudience wish={wish} onClose={() => setWish(null)} />}
    </>
  )
}

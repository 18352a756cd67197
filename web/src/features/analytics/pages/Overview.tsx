import { ImportOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Empty } from '@/design/Empty'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { RangeFilter } from '@/design/RangeFilter'
import { Waiting } from '@/design/Waiting'
import { useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'
import { useUrlState } from '@/lib/url'

import { BuyersChart } from '../components/BuyersChart'
import { KeyFigures } from '../components/KeyFigures'
import { PlacesPanel } from '../components/PlacesPanel'
import { RevenueChart } from '../components/RevenueChart'
import { SourcesPanel } from '../components/SourcesPanel'
import { useOverview } from '../queries'
import { presets } from '../ranges'

export function Overview() {
  const { t, i18n } = useTranslation('analytics')
  const { now, instant } = useFormat()
  const [read, write] = useUrlState()
  const overview = useOverview({ from: read('from'), to: read('to') })
  const range = (
    <RangeFilter label={t('range')} from={read('from')} to={read('to')} onChange={(from, to) => write({ from, to })}
      presets={presets(now).map((each) => ({ label: t(`ranges.${each.name}`), value: each.value }))} />
  )
  const known = overview.data
  const define = (name: string) => bilingual(known?.definitions[name] ?? {}, i18n.language)
  const isEmpty = known && known.members === 0 && known.orders === 0
  return (
    <>
      <PageHead title={t('title')} subtitle={known ? t('subtitle', { at: instant(known.as_of) }) : t('subtitleBare')} actions={range} />
      <ProblemNote problem={overview.error} retry={() => void overview.refetch()} />
      {overview.isPending && <Waiting />}
      {isEmpty && <Panel><Empty title={t('empty')} hint={t('emptyHint')} action={<Link to="/imports/new"><Button type="primary" icon={<ImportOutlined />}>{t('import')}</Button></Link>} /></Panel>}
      {known && !isEmpty && (
        <div className="stack" style={{ opacity: overview.isPlaceholderData ? 0.6 : 1 }}>
          <KeyFigures overview={known} />
          <div className="two">
            <BuyersChart weeks={known.by_week} definition={define('by_week')} />
            <RevenueChart weeks={known.by_week} definition={define('revenue_minor')} />
          </div>
          <SourcesPanel overview={known} />
          <PlacesPanel overview={known} />
        </div>
      )}
    </>
  )
}

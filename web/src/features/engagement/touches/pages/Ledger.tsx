import { Select, Tabs } from 'antd'
import { useTranslation } from 'react-i18next'

import { FilterBar } from '@/design/FilterBar'
import { PageHead } from '@/design/PageHead'
import { Stat, Stats } from '@/design/Stat'
import { useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { LettersTab } from '../components/LettersTab'
import { TouchTable } from '../components/TouchTable'
import { arrived, channels, fates, onTheWay, sum, total } from '../model'
import { useTotals } from '../queries'

/** Every message that was to go, how far it came, and those that a person has to settle. */
export function Ledger() {
  const { t } = useTranslation('touches')
  const { count } = useFormat()
  const [read, write] = useUrlState()
  const totals = useTotals(7).data
  const fate = fates.find((one) => one === read('fate'))
  const channel = channels.find((one) => one === read('channel'))
  return (
    <>
      <PageHead title={t('ledger.title')} subtitle={t('ledger.subtitle')} />
      <div className="stack">
        <Stats columns={5}>
          <Stat label={t('ledger.week')} value={count(total(totals?.by_fate))} />
          <Stat label={t('progress.arrived')} value={count(sum(totals?.by_fate, arrived))} definition={t('progress.what.arrived')} />
          <Stat label={t('progress.onTheWay')} value={count(sum(totals?.by_fate, onTheWay))} definition={t('progress.what.onTheWay')} />
          <Stat label={t('progress.lost')} value={count(sum(totals?.by_fate, ['failed', 'expired']))} definition={t('progress.what.lost')} />
          <Stat label={t('ledger.open')} value={count(totals?.open_letters)} definition={t('ledger.openWhat')} />
        </Stats>
        <Tabs activeKey={read('tab') ?? 'touches'} onChange={(tab) => write({ tab })} items={[
          {
            key: 'touches',
            label: t('tabs.touches'),
            children: (
              <TouchTable filter={{ fate, channel }} withOrigin filters={
                <FilterBar active={[fate, channel].filter(Boolean).length} onClear={() => write({ fate: undefined, channel: undefined })}>
                  <Select allowClear aria-label={t('fields.fate')} placeholder={t('fields.fate')} value={fate} style={{ minWidth: 130 }} onChange={(value?: string) => write({ fate: value })} options={fates.map((value) => ({ value, label: t(`fates.${value}`) }))} />
                  <Select allowClear aria-label={t('fields.channel')} placeholder={t('fields.channel')} value={channel} style={{ minWidth: 130 }} onChange={(value?: string) => write({ channel: value })} options={channels.map((value) => ({ value, label: t(`channels.${value}`) }))} />
                </FilterBar>
              } />
            ),
          },
          { key: 'letters', label: `${t('tabs.letters')}${totals?.open_letters ? ` (${count(totals.open_letters)})` : ''}`, children: <LettersTab /> },
        ]} />
      </div>
    </>
  )
}

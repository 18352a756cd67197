import { Segmented, Select, Table, Tag } from 'antd'
import { useTranslation } from 'react-i18next'

import { Empty } from '@/design/Empty'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { metrics } from '../model'
import { useBatches, useComparison, useDesigns } from '../queries'
import type { Arm, Metric } from '../types'
import styles from './cards.module.css'

// With more the intervals say nothing any more.
const MOST = 8

/** Batches or designs against the first one chosen: lift with its interval. */
export function CompareTab() {
  const { t } = useTranslation('cards')
  const [read, write] = useUrlState()
  const by = read('by') === 'design' ? 'design' : 'batch'
  const metric = (read('metric') ?? 'added') as Metric
  const ids = (read('ids') ?? '').split(',').filter(Boolean)
  const batches = useBatches({})
  const designs = useDesigns()
  const comparison = useComparison(metric, by, ids)
  const choice = by === 'batch' ? batches.rows?.map((each) => ({ value: each.id, label: `${each.name} · ${each.design_name}` })) : designs.rows?.map((each) => ({ value: each.id, label: each.name }))
  const known = ids.length > 1 ? comparison.data : undefined
  return (
    <div className="stack">
      <Panel>
        <div className="stack-small">
          <div className="row">
            <Segmented value={by} onChange={(next) => write({ by: next === 'batch' ? undefined : next, ids: undefined })} options={['batch', 'design'].map((value) => ({ value, label: t(`compare.${value}`) }))} />
            <Segmented value={metric} onChange={(next) => write({ metric: next })} options={metrics.map((value) => ({ value, label: t(`metrics.${value}`) }))} />
          </div>
          <Select mode="multiple" value={ids} maxCount={MOST} options={choice} showSearch={{ optionFilterProp: 'label' }} onChange={(next: string[]) => write({ ids: next.join(',') })} placeholder={t('compare.choose')} aria-label={t('compare.choose')} style={{ width: '100%' }} />
        </div>
      </Panel>
      <ProblemNote problem={ids.length > 1 ? comparison.error : null} />
      {ids.length < 2 && <Panel><Empty title={t('compare.empty')} hint={t('compare.emptyHint')} /></Panel>}
      {known && <Result arms={known.arms} />}
    </div>
  )
}

function Result({ arms }: { arms: Arm[] }) {
  const { t } = useTranslation('cards')
  const { count, share } = useFormat()
  const signed = (value: number | null | undefined) => (value === null || value === undefined ? '–' : `${value > 0 ? '+' : ''}${share(value)}`)
  const span = (range: Arm['share'] | null) => (range ? `${signed(range.low)} … ${signed(range.high)}` : '–')
  const verdict = (arm: Arm) => <Tag color={{ higher: 'success', lower: 'error' }[arm.verdict]}>{t(`verdicts.${arm.verdict || 'base'}`)}</Tag>
  return (
    <>
      <Panel title={t('compare.chart')}>
        <div className={styles.forest} role="img" aria-label={t('compare.chart')}>{arms.slice(1).map((arm) => <Bar key={arm.id} arm={arm} arms={arms} text={`${signed(arm.lift?.estimate)} (${span(arm.lift)})`} />)}</div>
        <p className="faint" style={{ marginTop: 14 }}>{t('compare.what')}</p>
      </Panel>
      <Panel title={t('compare.table')} flush>
        <Table<Arm> size="small" rowKey="id" dataSource={arms} pagination={false} scroll={{ x: 'max-content' }} aria-label={t('compare.table')}
          columns={[
            { title: t('compare.side'), render: (_, arm) => <strong>{arm.name}</strong> },
            { title: t('people'), align: 'right', render: (_, arm) => <span className="num">{count(arm.count)} / {count(arm.total)}</span> },
            { title: t('compare.share'), align: 'right', render: (_, arm) => <span className="num">{share(arm.share.estimate)} <span className="faint">{share(arm.share.low)} … {share(arm.share.high)}</span></span> },
            { title: t('compare.gap'), align: 'right', render: (_, arm) => <span className="num">{arm.gap ? `${signed(arm.gap.estimate)} (${span(arm.gap)})` : '–'}</span> },
            { title: t('compare.lift'), align: 'right', render: (_, arm) => <span className="num">{arm.lift ? `${signed(arm.lift.estimate)} (${span(arm.lift)})` : '–'}</span> },
            { title: t('compare.verdict'), render: (_, arm) => verdict(arm) },
          ]} />
      </Panel>
    </>
  )
}

/** One interval of lift; all share one scale. */
function Bar({ arm, arms, text }: { arm: Arm; arms: Arm[]; text: string }) {
  const ends = arms.flatMap((each) => (each.lift ? [each.lift.low ?? -1, each.lift.high ?? each.lift.estimate] : []))
  const [low, high] = [Math.min(-0.1, ...ends), Math.max(0.1, ...ends)]
  const at = (value: number) => `${(100 * (value - low)) / (high - low)}%`
  if (!arm.lift) return <div className={styles.arm}><div className="spread"><strong>{arm.name}</strong><span>–</span></div></div>
  const [from, to] = [arm.lift.low ?? -1, arm.lift.high ?? arm.lift.estimate]
  return (
    <div className={styles.arm}>
      <div className="spread"><strong>{arm.name}</strong><span className="num soft">{text}</span></div>
      <div className={styles.track}>
        <span className={styles.span} data-verdict={arm.verdict} style={{ left: at(from), right: `${(100 * (high - to)) / (high - low)}%` }} />
        <span className={styles.zero} style={{ left: at(0) }} />
        <span className={styles.point} style={{ left: at(arm.lift.estimate) }} />
      </div>
    </div>
  )
}

import { useTranslation } from 'react-i18next'

import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { Stat, Stats } from '@/design/Stat'
import { Waiting } from '@/design/Waiting'
import { useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'

import { useHistory, usePreviewOf } from '../queries'
import type { Audience } from '../types'
import { Delta } from './Delta'
import { GrowthChart } from './GrowthChart'
import { MemberList } from './MemberList'
import { ReachBars } from './ReachBars'
import styles from './audiences.module.css'

const DAY_MS = 86_400_000

/** How many, whom one can reach, how it grew, a few of the members. */
export function OverviewTab({ audience }: { audience: Audience }) {
  const { t, i18n } = useTranslation('audiences')
  const { count, share, ago, instant, now } = useFormat()
  const history = useHistory(audience.id)
  const preview = usePreviewOf(audience.id, { audience: audience.id })
  const versions = history.rows ?? []
  const recent = versions.filter((each) => now - new Date(each.computed_at).getTime() <= 7 * DAY_MS && each.version > 1)
  const sum = (side: 'entered' | 'left') => recent.reduce((total, each) => total + each[side], 0)
  const sample = preview.data?.sample
  return (
    <div className="stack">
      <Stats columns={4}>
        <Stat label={t('stats.count')} value={<span data-testid="audience-count">{count(audience.count)}</span>} note={t('ofAll', { share: share(audience.of ? audience.count / audience.of : null), of: count(audience.of) })} />
        <Stat label={t('stats.week')} value={<Delta entered={sum('entered')} left={sum('left')} />} note={t('stats.weekNote')} />
        <Stat label={t('stats.computed')} value={ago(audience.computed_at)} note={instant(audience.computed_at, 'second')} definition={t(`refreshHelp.${audience.refresh}`)} />
        <Stat label={t('stats.refresh')} value={t(`refresh.${audience.refresh}`)} note={t('stats.version', { version: audience.version })} />
      </Stats>
      <div className="side-right">
        <GrowthChart versions={versions} />
        <Panel title={t('reach.title')}>
          <ProblemNote problem={preview.error} retry={() => void preview.refetch()} />
          {preview.isPending ? <Waiting /> : preview.data && <ReachBars reach={preview.data.reach} of={preview.data.count} />}
          <p className="faint" style={{ fontSize: 12, marginTop: 12 }}>{t('reach.hint')}</p>
        </Panel>
      </div>
      {audience.text && <Panel title={t('tabs.definition')}><pre className={styles.code}>{audience.text}</pre>{(audience.warnings ?? []).map((warning) => <p key={warning.path + warning.zh} style={{ color: 'var(--ws-color-warning)' }}>{bilingual(warning, i18n.language)}</p>)}</Panel>}
      <Panel title={t('sampleTitle')} flush>
        <MemberList label={t('sampleTitle')} members={{ rows: sample, error: null, hasNextPage: false, isFetchingNextPage: false }} />
      </Panel>
    </div>
  )
}

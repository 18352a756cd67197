import { Progress } from 'antd'
import { useTranslation } from 'react-i18next'

import { Stat, Stats } from '@/design/Stat'
import { useFormat } from '@/lib/session'

import type { ImportDetail } from '../types'

/** Work on the server: the page may be closed. */
export function ProgressStep({ run }: { run: ImportDetail }) {
  const { t } = useTranslation('imports')
  const { count } = useFormat()
  const total = run.rows_total ?? run.rows_estimate
  const percent = total ? Math.min(99, Math.floor((run.rows_done / total) * 100)) : 0
  return (
    <div className="stack" aria-live="polite">
      <div style={{ textAlign: 'center', padding: '16px 0' }}>
        <Progress type="circle" percent={percent} />
        <p style={{ fontWeight: 600, marginTop: 12 }}>{t(run.state === 'undoing' ? 'progress.undoing' : 'progress.running')}</p>
        <p className="soft">{t('progress.leave')}</p>
      </div>
      <Stats>
        <Stat label={t('progress.done')} value={count(run.rows_done)} />
        <Stat label={t('progress.total')} value={count(total)} />
        <Stat label={t('rejected')} value={count(run.rejected)} />
      </Stats>
    </div>
  )
}

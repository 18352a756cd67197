import { Drawer } from 'antd'
import { useTranslation } from 'react-i18next'

import { Facts } from '@/design/Facts'
import { ProblemNote } from '@/design/ProblemNote'
import { useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'

import { useRejectedOne } from '../queries'
import type { Rejected } from '../types'

/** One refused message with its content, which is read only now. */
export function RejectedDrawer({ row, onClose }: { row: Rejected; onClose: () => void }) {
  const { t, i18n } = useTranslation('activity')
  const { instant, count } = useFormat()
  const one = useRejectedOne(row.id)
  return (
    <Drawer open size={Math.min(560, window.innerWidth)} title={t('rejected.one')} onClose={onClose}>
      <div className="stack">
        <Facts
          facts={[
            { label: t('rejected.why'), value: bilingual(row, i18n.language) },
            { label: t('rejected.code'), value: <span className="mono">{row.code}</span> },
            { label: t('rejected.source'), value: row.source },
            { label: t('rejected.at'), value: instant(row.received_at, 'second') },
            { label: t('rejected.times'), value: count(row.times) },
          ]}
        />
        <ProblemNote problem={one.error} />
        {one.data && <pre className="mono" style={{ whiteSpace: 'pre-wrap', margin: 0 }}>{JSON.stringify(one.data.body, null, 2)}</pre>}
      </div>
    </Drawer>
  )
}

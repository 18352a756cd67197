import { Collapse } from 'antd'
import { useTranslation } from 'react-i18next'

import { Mark } from '@/design/Mark'
import { ProblemNote } from '@/design/ProblemNote'
import { useFormat } from '@/lib/session'

import { useVersions } from '../queries'
import styles from './content.module.css'

const tones = { approved: 'good', waiting: 'warn', rejected: 'bad', draft: 'plain' } as const

/** Every version: who wrote it, who decided, what it said. */
export function VersionsTab({ id, sent }: { id: string; sent: number }) {
  const { t } = useTranslation('content')
  const { instant } = useFormat()
  const versions = useVersions(id)
  if (versions.error) return <ProblemNote problem={versions.error} />
  return (
    <Collapse
      items={(versions.data ?? []).map((one) => ({
        key: one.number,
        label: <span className="row"><strong>{t('versions.number', { number: one.number })}</strong><Mark tone={tones[one.state]}>{t(`versionStates.${one.state}`)}</Mark>{one.number === sent && <Mark tone="busy">{t('versions.sent')}</Mark>}</span>,
        extra: <span className="faint">{one.author} · {instant(one.at)}</span>,
        children: (
          <div className="stack-small">
            {one.draft.body?.text && <div className={styles.said}>{one.draft.body.text}</div>}
            {one.draft.article && <div className={styles.said}><strong>{one.draft.article.title}</strong>{'\n'}{one.draft.article.text}</div>}
            {(one.draft.body?.attachments ?? []).map((part, place) => <div key={place}>{t(`kinds.${part.kind}`)} · {part.title || part.url || part.file_id}</div>)}
            {one.note && <div className="soft">{t('approve.note')} · {one.note}</div>}
            {one.reviewer && <div className="soft">{t('versions.reviewed', { who: one.reviewer, at: instant(one.reviewed_at) })}{one.reason && ` · ${one.reason}`}</div>}
          </div>
        ),
      }))}
    />
  )
}

import { SafetyCertificateOutlined } from '@ant-design/icons'
import { Alert, Button, Input } from 'antd'
import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { FilterBar } from '@/design/FilterBar'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { RangeFilter } from '@/design/RangeFilter'
import { RowCard } from '@/design/RowCard'
import { dayEnd, dayStart } from '@/lib/days'
import { useFormat, useSession } from '@/lib/session'
import { useUrlState } from '@/lib/url'
import { named } from '@/lib/words'

import { useAudit, useAuditVerify } from '../queries'
import type { AuditEntry } from '../types'

const filters = ['actor', 'action', 'subject', 'from', 'to'] as const

export function Audit() {
  const { t } = useTranslation('access')
  const { instant, count } = useFormat()
  const [read, write] = useUrlState()
  const zone = useSession().workspace.time_zone
  const [from, to] = [read('from'), read('to')]
  const audit = useAudit({
    actor: read('actor'), action: read('action'), subject: read('subject'),
    from: from && dayStart(from, zone), to: to && dayEnd(to, zone),
  })
  const verify = useAuditVerify()
  const action = (entry: AuditEntry) => named(t, 'actions', entry.action)
  const ask = (name: (typeof filters)[number]) => (
    <Input key={name + (read(name) ?? '')} allowClear defaultValue={read(name)} placeholder={t(`audit.${name}`)} aria-label={t(`audit.${name}`)} style={{ width: 180 }}
      onPressEnter={(event) => write({ [name]: event.currentTarget.value.trim() })} onClear={() => write({ [name]: undefined })} />
  )
  const button = <Button icon={<SafetyCertificateOutlined />} loading={verify.isPending} onClick={() => verify.mutate()}>{t('audit.verify')}</Button>
  return (
    <>
      <PageHead title={t('audit.title')} subtitle={t('audit.subtitle')} actions={button} />
      <ProblemNote problem={verify.error} />
      {verify.data && (
        <Alert
          showIcon
          closable={{ onClose: () => verify.reset() }}
          data-testid="audit-verdict"
          type={verify.data.ok ? 'success' : 'error'}
          title={verify.data.ok ? t('audit.whole', { checked: count(verify.data.checked) }) : t('audit.broken', { at: verify.data.broken_at })}
          description={<span className="mono">{verify.data.head}</span>}
          style={{ marginBottom: 16 }}
        />
      )}
      <Panel flush>
        <FilterBar search={ask('subject')} active={filters.filter((name) => read(name)).length} onClear={() => write(Object.fromEntries(filters.map((name) => [name, undefined])))}>
          {ask('actor')}
          {ask('action')}
          <RangeFilter from={from} to={to} onChange={(first, last) => write({ from: first, to: last })} label={t('audit.at')} />
        </FilterBar>
        <DataTable<AuditEntry>
          size="small"
          label={t('audit.title')}
          rows={audit.rows}
          rowKey={(entry) => String(entry.seq)}
          problem={audit.error}
          retry={() => void audit.refetch()}
          empty={<Empty title={t('audit.empty')} hint={t('audit.emptyHint')} />}
          more={{ has: audit.hasNextPage, loading: audit.isFetchingNextPage, load: () => void audit.fetchNextPage() }}
          expand={(entry) => <pre className="mono" style={{ margin: 0, whiteSpace: 'pre-wrap' }}>{JSON.stringify(entry.detail, null, 2)}{'\n'}{entry.hash}</pre>}
          columns={[
            { title: '#', width: 72, render: (_, entry) => <span className="num faint">{entry.seq}</span> },
            { title: t('audit.at'), render: (_, entry) => <span className="num">{instant(entry.at, 'second')}</span> },
            { title: t('audit.actor'), render: (_, entry) => entry.actor_name || entry.actor },
            { title: t('audit.action'), render: (_, entry) => <>{action(entry)}{action(entry) !== entry.action && <div className="mono faint">{entry.action}</div>}</> },
            { title: t('audit.subject'), render: (_, entry) => <span className="mono">{entry.subject}</span> },
          ]}
          card={(entry) => <RowCard title={action(entry)} side={<span className="faint">#{entry.seq}</span>} lines={[instant(entry.at, 'second'), entry.actor_name || entry.actor, <span key="s" className="mono">{entry.subject}</span>]} />}
        />
      </Panel>
    </>
  )
}

import { PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'

import { ImportMark } from '../components/ImportMark'
import { useImportKinds, useImports } from '../queries'
import type { ImportRow } from '../types'

export function Imports() {
  const { t, i18n } = useTranslation('imports')
  const { instant, count } = useFormat()
  const can = useCan()
  const go = useNavigate()
  const runs = useImports()
  const kinds = useImportKinds()
  const kindName = (run: ImportRow) => bilingual(kinds.data?.find((each) => each.kind === run.kind) ?? { zh: run.kind }, i18n.language)
  const add = can(permissions.importWrite) && <Link to="/imports/new"><Button type="primary" icon={<PlusOutlined />}>{t('new')}</Button></Link>
  return (
    <>
      <PageHead title={t('title')} subtitle={t('subtitle')} actions={add} />
      <Panel flush>
        <DataTable<ImportRow>
          label={t('title')}
          rows={runs.rows}
          rowKey={(run) => run.id}
          problem={runs.error}
          retry={() => void runs.refetch()}
          onOpen={(run) => void go(`/imports/${run.id}`)}
          empty={<Empty title={t('empty')} hint={t('emptyHint')} action={add} />}
          more={{ has: runs.hasNextPage, loading: runs.isFetchingNextPage, load: () => void runs.fetchNextPage() }}
          columns={[
            { title: t('file'), render: (_, run) => <strong>{run.name}</strong> },
            { title: t('kind'), render: (_, run) => kindName(run) },
            { title: t('state'), render: (_, run) => <ImportMark state={run.state} /> },
            { title: t('accepted'), align: 'right', render: (_, run) => <span className="num">{count(run.accepted)}</span> },
            { title: t('rejected'), align: 'right', render: (_, run) => <span className="num">{count(run.rejected)}</span> },
            { title: t('createdAt'), render: (_, run) => <span className="num">{instant(run.created_at)}</span> },
          ]}
          card={(run) => <RowCard title={run.name} side={<ImportMark state={run.state} />} lines={[`${kindName(run)} · ${instant(run.created_at)}`, t('cardRows', { good: count(run.accepted), bad: count(run.rejected) })]} />}
        />
      </Panel>
    </>
  )
}

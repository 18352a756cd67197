import { Select, Table } from 'antd'
import { useTranslation } from 'react-i18next'

import { Empty } from '@/design/Empty'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { Waiting } from '@/design/Waiting'
import { useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { UpSet } from '../components/UpSet'
import { useOverlap, useVocabulary } from '../queries'
import { columnsOf, type Column } from '../upset'

// More sets make more intersections than anybody reads.
const MOST = 6

/** Two to six audiences beside each other: who is in which of them at once. */
export function OverlapPage() {
  const { t } = useTranslation('audiences')
  const { count, share } = useFormat()
  const [read, write] = useUrlState()
  const ids = (read('ids') ?? '').split(',').filter(Boolean)
  const vocabulary = useVocabulary()
  const overlap = useOverlap(ids)
  const known = ids.length > 1 ? overlap.data : undefined
  const name = (id: string) => known?.sizes.find((each) => each.id === id)?.name ?? id
  return (
    <>
      <PageHead back={{ to: '/audiences', label: t('title') }} title={t('overlap.title')} subtitle={t('overlap.subtitle')} />
      <div className="stack">
        <Panel>
          <Select mode="multiple" value={ids} onChange={(next: string[]) => write({ ids: next.join(',') })} maxCount={MOST} loading={vocabulary.isPending} showSearch={{ optionFilterProp: 'label' }}
            options={vocabulary.data?.audiences.map((each) => ({ value: each.id, label: each.name }))} placeholder={t('overlap.choose', { most: MOST })} aria-label={t('overlap.choose', { most: MOST })} style={{ width: '100%' }} />
        </Panel>
        <ProblemNote problem={vocabulary.error ?? (ids.length > 1 ? overlap.error : null)} />
        {ids.length < 2 && <Panel><Empty title={t('overlap.empty')} hint={t('overlap.emptyHint')} /></Panel>}
        {ids.length > 1 && overlap.isPending && <Waiting />}
        {known && (
          <>
            <Panel title={t('overlap.chart')}><UpSet overlap={known} /></Panel>
            <Panel title={t('overlap.table')} flush>
              <Table<Column>
                size="small"
                rowKey={(each) => each.ids.join()}
                dataSource={columnsOf(known)}
                pagination={false}
                aria-label={t('overlap.table')}
                columns={[
                  { title: t('overlap.exactly'), render: (_, each) => each.ids.map(name).join(' ∩ ') },
                  { title: t('fields.count'), align: 'right', render: (_, each) => <span className="num">{count(each.count)}</span> },
                  { title: t('overlap.share'), align: 'right', render: (_, each) => <span className="num">{share(known.of ? each.count / known.of : null)}</span> },
                ]}
              />
            </Panel>
          </>
        )}
      </div>
    </>
  )
}

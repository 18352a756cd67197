import { Drawer, Tabs } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { useFormat } from '@/lib/session'
import { named } from '@/lib/words'

import { useHistory, useVersionMembers } from '../queries'
import type { Version } from '../types'
import { Delta } from './Delta'
import { MemberList } from './MemberList'

/** Every version: when, why, how many, and who came and went. */
export function ChangesTab({ id }: { id: string }) {
  const { t } = useTranslation('audiences')
  const { count, instant } = useFormat()
  const history = useHistory(id)
  const [shown, setShown] = useState<Version | null>(null)
  return (
    <Panel flush>
      <DataTable<Version>
        size="small"
        label={t('tabs.changes')}
        rows={history.rows}
        rowKey={(each) => String(each.version)}
        problem={history.error}
        retry={() => void history.refetch()}
        onOpen={setShown}
        empty={<Empty small title={t('changes.empty')} />}
        more={{ has: history.hasNextPage, loading: history.isFetchingNextPage, load: () => void history.fetchNextPage() }}
        columns={[
          { title: t('changes.version'), render: (_, each) => <span className="num">{each.version}</span> },
          { title: t('changes.at'), render: (_, each) => <span className="num">{instant(each.computed_at, 'second')}</span> },
          { title: t('changes.cause'), render: (_, each) => named(t, 'causes', each.cause) },
          { title: t('changes.count'), align: 'right', render: (_, each) => <span className="num">{count(each.count)}</span> },
          { title: t('changes.delta'), align: 'right', render: (_, each) => <Delta entered={each.entered} left={each.left} /> },
          { title: t('changes.hash'), render: (_, each) => <code className="faint">{each.definition_hash.slice(0, 8)}</code> },
        ]}
        card={(each) => <RowCard title={instant(each.computed_at)} side={<Delta entered={each.entered} left={each.left} />} lines={[`${named(t, 'causes', each.cause)} · ${t('count', { count: each.count, shown: count(each.count) })}`]} />}
      />
      {shown && (
        <Drawer open title={t('changes.title', { version: shown.version, at: instant(shown.computed_at) })} size={Math.min(860, window.innerWidth)} onClose={() => setShown(null)}>
          <Tabs items={(['entered', 'left'] as const).map((side) => ({ key: side, label: `${t(`growth.${side}`)} ${count(shown[side])}`, children: <Side id={id} version={shown.version} side={side} /> }))} defaultActiveKey={shown.entered || !shown.left ? 'entered' : 'left'} />
        </Drawer>
      )}
    </Panel>
  )
}

function Side({ id, version, side }: { id: string; version: number; side: 'entered' | 'left' }) {
  const { t } = useTranslation('audiences')
  return <MemberList members={useVersionMembers(id, version, side)} label={t(`growth.${side}`)} empty={t('changes.nobody')} />
}

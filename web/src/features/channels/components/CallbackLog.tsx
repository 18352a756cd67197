import { Button, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { FilterBar } from '@/design/FilterBar'
import { Mark } from '@/design/Mark'
import { useNotice } from '@/design/notice'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { useCallbacks, useReplay } from '../queries'
import type { Account, Callback, CallbackState } from '../types'
import { callbackTones } from '../words'

const states = ['all', 'waiting', 'done', 'failed', 'rejected']

/** What the platform told, kept before it was answered; what failed or was refused can be worked again. */
export function CallbackLog({ account }: { account: Account }) {
  const { t } = useTranslation('channels')
  const { instant } = useFormat()
  const can = useCan()
  const { done, refused } = useNotice()
  const [read, write] = useUrlState()
  const state = read('state') as CallbackState | undefined
  const callbacks = useCallbacks(account.id, state)
  const replay = useReplay()
  const mark = (one: Callback) => <Mark tone={callbackTones[one.state]}>{t(`callbacks.states.${one.state}`)}</Mark>
  const name = (one: Callback) => <span className="mono">{[one.event, one.change].filter(Boolean).join(' / ') || '–'}</span>
  const why = (one: Callback) => one.reason && t(`callbacks.reasons.${one.reason}`, { defaultValue: one.reason })
  const act = (one: Callback) => can(permissions.callbackReplay) && (one.state === 'failed' || one.state === 'rejected') && (
    <Button type="link" size="small" onClick={() => replay.mutate(one.id, { onSuccess: () => done(t('callbacks.replayed')), onError: refused })}>{t('callbacks.replay')}</Button>
  )
  return (
    <Panel flush>
      <FilterBar active={state ? 1 : 0} onClear={() => write({ state: undefined })}
        search={<Segmented value={state ?? 'all'} onChange={(value) => write({ state: value === 'all' ? undefined : String(value) })} options={states.map((value) => ({ value, label: value === 'all' ? t('all') : t(`callbacks.states.${value}`) }))} />} />
      <DataTable<Callback>
        label={t('tabs.callbacks')}
        rows={callbacks.rows}
        rowKey={(one) => String(one.id)}
        problem={callbacks.error}
        retry={() => void callbacks.refetch()}
        empty={<Empty small title={t('callbacks.empty')} hint={t('callbacks.emptyHint')} />}
        more={{ has: callbacks.hasNextPage, loading: callbacks.isFetchingNextPage, load: () => void callbacks.fetchNextPage() }}
        columns={[
          { title: t('callbacks.received'), render: (_, one) => <span className="num">{instant(one.received_at, 'second')}</span> },
          { title: t('callbacks.event'), render: (_, one) => name(one) },
          { title: t('callbacks.state'), render: (_, one) => mark(one) },
          { title: t('callbacks.times'), align: 'right', render: (_, one) => <span className="num">{one.times}</span> },
          { title: t('callbacks.reason'), render: (_, one) => <span className="soft">{why(one) || '–'}</span> },
          { title: '', align: 'right', render: (_, one) => act(one) },
        ]}
        card={(one) => <RowCard title={name(one)} side={mark(one)} lines={[instant(one.received_at, 'second'), why(one), act(one)]} />}
      />
    </Panel>
  )
}

import { App, Button, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Mark } from '@/design/Mark'
import { useNotice } from '@/design/notice'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { useLetters, useResolve } from '../queries'
import type { Letter } from '../types'
import { useReasonWords } from '../words'
import { Sender } from './marks'

const ways = ['resend', 'delivered', 'give_up'] as const

/** Calls that failed for good, or of which nobody can tell what became. */
export function LettersTab() {
  const { t } = useTranslation('touches')
  const { count, instant } = useFormat()
  const [read, write] = useUrlState()
  const isOpen = read('letters') !== 'settled'
  const letters = useLetters(isOpen)
  const words = useReasonWords()
  const [ticked, setTicked] = useState<string[]>([])
  const can = useCan()
  const origin = (one: Letter) => <Link to={one.origin_kind === 'campaign' ? `/campaigns/${one.origin_id}` : `/journeys/${one.origin_id}`}>{one.origin_name || one.origin_id}</Link>
  const state = (one: Letter) => <Mark tone={one.state === 'unknown' ? 'warn' : 'bad'}>{t(`letters.states.${one.state}`, { defaultValue: one.state })}</Mark>
  const settled = (one: Letter) => one.resolution && <span>{t(`letters.did.${one.resolution}`)} <small className="faint num">{instant(one.resolved_at)}</small></span>
  return (
    <div className="stack-small">
      <div className="spread" style={{ flexWrap: 'wrap' }}>
        <Segmented value={isOpen ? 'open' : 'settled'} onChange={(value) => { setTicked([]); write({ letters: value === 'settled' ? 'settled' : undefined }) }} options={[{ value: 'open', label: t('letters.open') }, { value: 'settled', label: t('letters.settled') }]} />
        {ticked.length > 0 ? <span className="row"><small className="soft">{t('letters.ticked', { count: ticked.length, n: count(ticked.length) })}</small><Ways ids={ticked} onDone={() => setTicked([])} /></span> : <small className="soft">{t('letters.what')}</small>}
      </div>
      <Panel flush>
        <DataTable<Letter>
          label={t('tabs.letters')}
          rows={letters.rows}
          rowKey={(one) => one.key}
          problem={letters.error}
          retry={() => void letters.refetch()}
          ticked={isOpen && can(permissions.touchWrite) ? { keys: ticked, onChange: setTicked } : undefined}
          empty={<Empty title={t('letters.empty')} hint={t('letters.emptyHint')} />}
          more={{ has: letters.hasNextPage, loading: letters.isFetchingNextPage, load: () => void letters.fetchNextPage() }}
          columns={[
            { title: t('fields.at'), render: (_, one) => <span className="num">{instant(one.called_at)}</span> },
            { title: t('fields.origin'), render: (_, one) => origin(one) },
            { title: t('fields.channel'), render: (_, one) => t(`channels.${one.channel}`, { defaultValue: one.channel }) },
            { title: t('fields.sender'), render: (_, one) => <Sender one={one} /> },
            { title: t('fields.state'), render: (_, one) => state(one) },
            { title: t('letters.problem'), render: (_, one) => (one.problem ? words(one.problem) : '–') },
            { title: t('letters.members'), align: 'right', render: (_, one) => <span className="num">{count(one.members)}</span> },
            { title: '', render: (_, one) => (isOpen ? <Ways ids={[one.key]} /> : settled(one)) },
          ]}
          card={(one) => <RowCard title={origin(one)} side={state(one)} lines={[[t(`channels.${one.channel}`, { defaultValue: one.channel }), one.sender_name || one.sender, t('people', { count: one.members, n: count(one.members) })].filter(Boolean).join(' · '), one.problem && words(one.problem), instant(one.called_at), isOpen ? <Ways key="w" ids={[one.key]} /> : settled(one)]} />}
        />
      </Panel>
    </div>
  )
}

function Ways({ ids, onDone }: { ids: string[]; onDone?: () => void }) {
  const { t } = useTranslation('touches')
  const { modal } = App.useApp()
  const { done, refused } = useNotice()
  const can = useCan()
  const resolve = useResolve()
  if (!can(permissions.touchWrite)) return null
  // One after the other: each is settled or refused by itself.
  const all = (way: (typeof ways)[number]) => ids.reduce((before, id) => before.then(() => resolve.mutateAsync({ id, resolution: way })), Promise.resolve<unknown>(undefined))
  const ask = (way: (typeof ways)[number]) =>
    modal.confirm({ title: t(`letters.sure.${way}`), content: t(`letters.sureWhat.${way}`), okText: t(`letters.ways.${way}`), cancelText: t('cancel'), onOk: () => all(way).then(() => { done(t('saved')); onDone?.() }, refused) })
  return <span className="row" style={{ gap: 4 }}>{ways.map((way) => <Button key={way} size="small" onClick={() => ask(way)}>{t(`letters.ways.${way}`)}</Button>)}</span>
}

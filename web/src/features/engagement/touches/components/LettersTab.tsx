import { App, Button, Segmented } from 'antd'
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

const ways = ['resend', 'delivered', 'give_up'] as const

/** Calls that failed for good, or of which nobody can tell what became. */
export function LettersTab() {
  const { t } = useTranslation('touches')
  const { count, instant } = useFormat()
  const [read, write] = useUrlState()
  const isOpen = read('letters') !== 'settled'
  const letters = useLetters(isOpen)
  const origin = (one: Letter) => <Link to={one.origin_kind === 'campaign' ? `/campaigns/${one.origin_id}` : `/journeys/${one.origin_id}`}>{one.origin_name || one.origin_id}</Link>
  const state = (one: Letter) => <Mark tone={one.state === 'unknown' ? 'warn' : 'bad'}>{t(`letters.states.${one.state}`, { defaultValue: one.state })}</Mark>
  const settled = (one: Letter) => one.resolution && <span>{t(`letters.did.${one.resolution}`)} <small className="faint num">{instant(one.resolved_at)}</small></span>
  return (
    <div className="stack-small">
      <div className="spread">
        <Segmented value={isOpen ? 'open' : 'settled'} onChange={(value) => write({ letters: value === 'settled' ? 'settled' : undefined })} options={[{ value: 'open', label: t('letters.open') }, { value: 'settled', label: t('letters.settled') }]} />
        <small className="soft">{t('letters.what')}</small>
      </div>
      <Panel flush>
        <DataTable<Letter>
          label={t('tabs.letters')}
          rows={letters.rows}
          rowKey={(one) => one.key}
          problem={letters.error}
          retry={() => void letters.refetch()}
          empty={<Empty title={t('letters.empty')} hint={t('letters.emptyHint')} />}
          more={{ has: letters.hasNextPage, loading: letters.isFetchingNextPage, load: () => void letters.fetchNextPage() }}
          columns={[
            { title: t('fields.at'), render: (_, one) => <span className="num">{instant(one.called_at)}</span> },
            { title: t('fields.origin'), render: (_, one) => origin(one) },
            { title: t('fields.channel'), render: (_, one) => t(`channels.${one.channel}`, { defaultValue: one.channel }) },
            { title: t('fields.sender'), render: (_, one) => one.sender || '–' },
            { title: t('fields.state'), render: (_, one) => state(one) },
            { title: t('letters.problem'), render: (_, one) => <code>{one.problem || '–'}</code> },
            { title: t('letters.members'), align: 'right', render: (_, one) => <span className="num">{count(one.members)}</span> },
            { title: '', render: (_, one) => (isOpen ? <Ways letter={one} /> : settled(one)) },
          ]}
          card={(one) => <RowCard title={origin(one)} side={state(one)} lines={[`${t(`channels.${one.channel}`, { defaultValue: one.channel })} · ${one.problem} · ${count(one.members)}`, isOpen ? <Ways key="w" letter={one} /> : settled(one)]} />}
        />
      </Panel>
    </div>
  )
}

function Ways({ letter }: { letter: Letter }) {
  const { t } = useTranslation('touches')
  const { modal } = App.useApp()
  const { done, refused } = useNotice()
  const can = useCan()
  const resolve = useResolve()
  if (!can(permissions.touchWrite)) return null
  const ask = (way: (typeof ways)[number]) =>
    modal.confirm({ title: t(`letters.sure.${way}`), content: t(`letters.sureWhat.${way}`), okText: t(`letters.ways.${way}`), cancelText: t('cancel'), onOk: () => resolve.mutateAsync({ id: letter.key, resolution: way }).then(() => done(t('saved')), refused) })
  return <span className="row" style={{ gap: 4 }}>{ways.map((way) => <Button key={way} size="small" onClick={() => ask(way)}>{t(`letters.ways.${way}`)}</Button>)}</span>
}

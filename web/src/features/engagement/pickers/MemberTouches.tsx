import { useQuery } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { answer, api } from '@/api/client'
import type { components } from '@/api/schema'
import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Mark, type Tone } from '@/design/Mark'
import { RowCard } from '@/design/RowCard'
import { useFormat } from '@/lib/session'

import { Sender } from '../touches/components/marks'
import { useReasonWords } from '../touches/words'

type Touch = Pick<components['schemas']['TouchOut'], 'origin_kind' | 'origin_id' | 'origin_name' | 'origin_node' | 'channel' | 'fate' | 'reason' | 'at' | 'sender' | 'sender_name'>
type Control = components['schemas']['ControlOut']
// Where a touch came from; the brand's own holdout has a page of its own.
const roots: Record<string, string> = { campaign: '/campaigns', journey: '/journeys' }

type Which = 'all' | 'made' | 'notMade'

const NOT_MADE = ['dropped', 'failed', 'expired']
const tones: Record<string, Tone> = { dropped: 'plain', failed: 'bad', expired: 'warn', unknown: 'warn', waiting: 'busy', claimed: 'busy', calling: 'busy' }

/** Every touch that was made of a member, and every one that was not, with its reason. */
export function MemberTouches({ id }: { id: string }) {
  const { t } = useTranslation(['proof', 'touches'])
  const { instant } = useFormat()
  const [which, setWhich] = useState<Which>('all')
  const found = useQuery({
    queryKey: ['proof', 'touches', id],
    queryFn: () => answer<{ rows: Touch[] }>(api.GET('/api/engagement/members/{member_id}/touches', { params: { path: { member_id: id }, query: { limit: 200 } } })),
  })
  const controls = useQuery({
    queryKey: ['proof', 'controls', id],
    queryFn: () => answer<{ rows: Control[] }>(api.GET('/api/members/{member_id}/controls', { params: { path: { member_id: id } } })),
  })
  const isMade = (touch: Touch) => !NOT_MADE.includes(touch.fate)
  const rows = found.data && together(found.data.rows, controls.data?.rows ?? [], t('kind.workspace')).filter((touch) => which === 'all' || isMade(touch) === (which === 'made'))
  const words = useReasonWords()
  const reason = (touch: Touch) => (touch.reason ? words(touch.reason) : '')
  const state = (touch: Touch) => <Mark tone={tones[touch.fate] ?? 'good'}>{t(`touches:fates.${touch.fate}`)}</Mark>
  const origin = (touch: Touch) => {
    const name = touch.origin_name || t(`kind.${touch.origin_kind}`)
    return roots[touch.origin_kind] ? <Link to={`${roots[touch.origin_kind]}/${touch.origin_id}`}>{name}</Link> : name
  }
  const channel = (touch: Touch) => (touch.channel ? t(`touches:channels.${touch.channel}`, { defaultValue: touch.channel }) : '–')
  return (
    <>
      <Segmented<Which> value={which} onChange={setWhich} options={(['all', 'made', 'notMade'] as const).map((value) => ({ value, label: t(value) }))} style={{ marginBottom: 12 }} />
      <DataTable<Touch> label={t('touches')} size="small" rows={rows} rowKey={(touch) => `${touch.origin_id}${touch.origin_node}${touch.at}${touch.fate}${touch.channel}`}
        problem={found.error} retry={() => void found.refetch()} empty={<Empty small title={t('touchesNone')} />}
        columns={[
          { title: t('when'), render: (_, touch) => <span className="num">{instant(touch.at)}</span> },
          { title: t('about'), render: (_, touch) => <strong>{origin(touch)}</strong> },
          { title: t('channel'), render: (_, touch) => channel(touch) },
          { title: t('fate'), render: (_, touch) => state(touch) },
          { title: t('reason'), render: (_, touch) => reason(touch) },
          { title: t('sender'), render: (_, touch) => <Sender one={touch} /> },
        ]}
        card={(touch) => <RowCard title={origin(touch)} side={state(touch)} lines={[`${instant(touch.at)} · ${channel(touch)}`, reason(touch)].filter(Boolean)} />} />
    </>
  )
}

/** Touches, and for each control one that is never made: whom a journey leaves alone has no row in the ledger. */
function together(touches: Touch[], controls: Control[], holdout: string): Touch[] {
  const told = new Set(touches.filter((touch) => touch.reason === 'held_out').map((touch) => touch.origin_id))
  const left = controls.filter((one) => !told.has(one.origin_id)).map((one) => ({
    origin_kind: one.origin_kind as Touch['origin_kind'], origin_id: one.origin_id, origin_name: one.origin_kind === 'workspace' ? holdout : one.name,
    origin_node: '', channel: '', fate: 'dropped' as const, reason: 'held_out', at: one.at, sender: '', sender_name: '',
  }))
  return [...touches, ...left].sort((one, other) => other.at.localeCompare(one.at))
}

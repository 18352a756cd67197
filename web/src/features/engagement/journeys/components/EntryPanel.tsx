import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Checkbox, Form, Input, InputNumber, Segmented, Select, Slider, Space, Switch } from 'antd'
import { useTranslation } from 'react-i18next'

import { Panel } from '@/design/Panel'
import { KindPicker } from '@/features/activity/pickers/KindPicker'
import { OneAudience } from '@/features/audiences/pickers/OneAudience'

import { added } from '../model'
import type { Exit, Fault, Goal, Graph, Trigger } from '../types'
import { NextNode } from './Inspector'
import { LengthInput } from './LengthInput'
import { ProblemList } from './ProblemList'

type Props = { graph: Graph; onChange?: (graph: Graph) => void; onChoose: (id: string | undefined) => void; faults?: Fault[] }

/** How one comes in, what makes one leave, what counts as reached, and who is left alone. */
export function EntryPanel({ graph, onChange, onChoose, faults }: Props) {
  const { t } = useTranslation('journeys')
  const set = (values: Partial<Graph>) => onChange?.({ ...graph, ...values })
  const rule = (values: Partial<Graph['entry']>) => set({ entry: { ...graph.entry, ...values } })
  const mine = faults?.filter((fault) => !fault.path.startsWith('nodes.'))
  const { trigger } = graph.entry
  return (
    <Panel title={t('entry.title')} data-testid="journey-entry">
      <ProblemList faults={mine} />
      <Form layout="vertical" disabled={!onChange}>
        <Form.Item label={t('entry.trigger')}>
          <Segmented block value={trigger.kind} options={(['audience', 'event', 'date', 'api'] as const).map((kind) => ({ value: kind, label: t(`entry.kind.${kind}`) }))}
            onChange={(kind) => rule({ trigger: starting[kind], key: undefined })} />
        </Form.Item>
        <TriggerForm trigger={trigger} change={(values) => rule({ trigger: { ...trigger, ...values } })} />
        {trigger.kind === 'event' && <Form.Item label={t('entry.key')} extra={t('entry.keyHint')}><Input value={graph.entry.key} onChange={(event) => rule({ key: event.target.value || undefined })} placeholder="order_no" /></Form.Item>}
        <Form.Item label={t('entry.reentry')}>
          <Select value={graph.entry.reentry ?? 'never'} onChange={(reentry: string) => rule({ reentry })}
            options={['never', 'after_exit', 'cooldown', ...(trigger.kind === 'event' ? ['every'] : [])].map((one) => ({ value: one, label: t(`reentry.${one}`) }))} />
        </Form.Item>
        {graph.entry.reentry === 'cooldown' && <Form.Item label={t('entry.cooldown')}><LengthInput label={t('entry.cooldown')} value={graph.entry.cooldown ?? '30d'} onChange={(cooldown) => rule({ cooldown })} /></Form.Item>}
        <ExitsForm exits={graph.exits ?? []} change={(exits) => set({ exits })} />
        <GoalForm goal={graph.goal} change={(goal) => set({ goal })} />
        <Form.Item label={t('holdout')} extra={t('holdoutHint')}>
          <Slider min={0} max={50} marks={{ 0: '0%', 10: '10%', 50: '50%' }} value={(graph.holdout_basis_points ?? 0) / 100} onChange={(share) => set({ holdout_basis_points: share * 100 })} />
        </Form.Item>
        <Form.Item label={t('stale')} extra={t('staleHint')}><LengthInput label={t('stale')} value={graph.stale_after ?? '1d'} onChange={(length) => set({ stale_after: length })} /></Form.Item>
        {onChange && <NextNode onAdd={(kind) => { const [next, made] = added(graph, kind, '@entry'); onChange(next); onChoose(made) }} />}
      </Form>
    </Panel>
  )
}

const starting: Record<Trigger['kind'], Trigger> = {
  audience: { kind: 'audience', audience: '', who: 'both' },
  event: { kind: 'event', event: '' },
  date: { kind: 'date', attribute: 'birthday', days: 0, clock: '10:00', is_yearly: true },
  api: { kind: 'api' },
}

function TriggerForm({ trigger, change }: { trigger: Trigger; change: (values: Partial<Trigger>) => void }) {
  const { t } = useTranslation('journeys')
  switch (trigger.kind) {
    case 'audience':
      return (
        <>
          <Form.Item label={t('entry.audience')} required><OneAudience value={String(trigger.audience ?? '')} onChange={(audience) => change({ audience: audience ?? '' })} /></Form.Item>
          <Form.Item label={t('entry.whoLabel')}><Select value={String(trigger.who ?? 'both')} onChange={(who: string) => change({ who })} options={['both', 'current', 'future'].map((who) => ({ value: who, label: t(`entry.who.${who}`) }))} /></Form.Item>
        </>
      )
    case 'event':
      return <Form.Item label={t('field.event')} required><KindPicker value={String(trigger.event ?? '') || undefined} onChange={(event) => change({ event: event ?? '' })} /></Form.Item>
    case 'date':
      return (
        <>
          <Form.Item label={t(trigger.trait ? 'entry.trait' : 'field.attribute')} required>
            <Input value={String(trigger.trait ?? trigger.attribute ?? '')} onChange={(event) => change(trigger.trait ? { trait: event.target.value } : { attribute: event.target.value })} />
          </Form.Item>
          <Space>
            <Form.Item label={t('field.offset')}><InputNumber min={-365} max={365} precision={0} value={Number(trigger.days ?? 0)} onChange={(days) => change({ days: days ?? 0 })} /></Form.Item>
            <Form.Item label={t('field.clock')}><Input type="time" value={String(trigger.clock ?? '10:00')} onChange={(event) => change({ clock: event.target.value })} /></Form.Item>
          </Space>
          {!trigger.trait && <Form.Item><Checkbox checked={Boolean(trigger.is_yearly)} onChange={(event) => change({ is_yearly: event.target.checked })}>{t('field.yearly')}</Checkbox></Form.Item>}
        </>
      )
    default:
      return <p className="soft">{t('entry.callHint')}</p>
  }
}

function ExitsForm({ exits, change }: { exits: Exit[]; change: (exits: Exit[]) => void }) {
  const { t } = useTranslation('journeys')
  const put = (place: number, values: Exit) => change(exits.map((one, at) => (at === place ? { ...one, ...values } : one)))
  return (
    <Form.Item label={t('exits')} extra={t('exitsHint')}>
      <Space orientation="vertical" style={{ width: '100%' }}>
        {exits.map((one, place) => (
          <Space key={place} wrap>
            {one.audience === undefined
              ? <KindPicker value={one.event || undefined} onChange={(event) => put(place, { event: event ?? '' })} />
              : <OneAudience width={200} value={one.audience} onChange={(audience) => put(place, { audience: audience ?? '' })} />}
            <Button type="text" icon={<DeleteOutlined />} aria-label={t('removeExit')} onClick={() => change(exits.filter((_, at) => at !== place))} />
          </Space>
        ))}
        <Space wrap>
          <Button size="small" icon={<PlusOutlined />} onClick={() => change([...exits, { event: 'Order Completed' }])}>{t('exitOnEvent')}</Button>
          <Button size="small" icon={<PlusOutlined />} onClick={() => change([...exits, { audience: '', when: 'left' }])}>{t('exitOnLeaving')}</Button>
        </Space>
      </Space>
    </Form.Item>
  )
}

function GoalForm({ goal, change }: { goal?: Goal; change: (goal: Goal | undefined) => void }) {
  const { t } = useTranslation('journeys')
  return (
    <Form.Item label={<Space>{t('goal')}<Switch size="small" checked={Boolean(goal)} aria-label={t('goal')} onChange={(on) => change(on ? { event: 'Order Completed', within: '7d', since: 'entry', is_end: true } : undefined)} /></Space>}>
      {goal && (
        <Space orientation="vertical">
          <KindPicker value={goal.event || undefined} onChange={(event) => change({ ...goal, event: event ?? '' })} />
          <LengthInput label={t('goalWithin')} value={goal.within ?? '7d'} onChange={(within) => change({ ...goal, within })} />
          <Select value={goal.since ?? 'entry'} onChange={(since: string) => change({ ...goal, since })} options={['entry', 'message'].map((since) => ({ value: since, label: t(`since.${since}`) }))} />
          <Checkbox checked={goal.is_end ?? true} onChange={(event) => change({ ...goal, is_end: event.target.checked })}>{t('goalEnds')}</Checkbox>
        </Space>
      )}
    </Form.Item>
  )
}

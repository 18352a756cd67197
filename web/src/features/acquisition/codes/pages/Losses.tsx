import { CheckOutlined, UndoOutlined } from '@ant-design/icons'
import { Button, Input, Modal, Select, Tabs, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { FilterBar } from '@/design/FilterBar'
import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { RangeFilter } from '@/design/RangeFilter'
import { RowCard } from '@/design/RowCard'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { TroubleList } from '../components/TroubleList'
import { useAlarms, useHandleLoss, useLosses } from '../queries'
import type { Loss, LossReason } from '../types'

const reasons: LossReason[] = ['customer_deleted', 'staff_deleted', 'transferred']

/** Who was lost, by whom, after how long, and what they had bought; welcomes that went wrong. */
export function Losses() {
  const { t } = useTranslation('codes')
  const [read, write] = useUrlState()
  const alarms = useAlarms()
  const troubles = alarms.data?.welcomes.length ?? 0
  return (
    <>
      <PageHead title={t('losses.title')} subtitle={t('losses.subtitle')} />
      <Tabs
        activeKey={read('tab') ?? 'losses'}
        onChange={(tab) => write({ tab: tab === 'losses' ? undefined : tab })}
        destroyOnHidden
        items={[
          { key: 'losses', label: `${t('losses.tab')}${alarms.data ? ` (${alarms.data.open_losses})` : ''}`, children: <LossList /> },
          { key: 'welcomes', label: `${t('troubles.tab')}${troubles ? ` (${troubles})` : ''}`, children: <TroubleList rows={alarms.data?.welcomes} problem={alarms.error} /> },
        ]}
      />
    </>
  )
}

function LossList() {
  const { t } = useTranslation('codes')
  const { count, money, instant, ago } = useFormat()
  const [read, write] = useUrlState()
  const [open, setOpen] = useState<Loss | null>(null)
  const reason = reasons.find((one) => one === read('reason'))
  const handled = read('handled') ?? 'open'
  const losses = useLosses({ reason, is_handled: handled === 'all' ? undefined : handled === 'done', from: read('from'), to: read('to') })
  const active = [reason, read('from') ?? read('to'), handled !== 'open' ? handled : undefined].filter(Boolean).length
  return (
    <Panel flush>
      <FilterBar active={active} onClear={() => write({ reason: undefined, handled: undefined, from: undefined, to: undefined })} trailing={losses.total !== null && t('total', { total: count(losses.total) })}>
        <Select aria-label={t('losses.state')} value={handled} style={{ minWidth: 110 }} onChange={(value) => write({ handled: value === 'open' ? undefined : value })}
          options={(['open', 'done', 'all'] as const).map((value) => ({ value, label: t(`losses.${value}`) }))} />
        <Select allowClear aria-label={t('losses.reason')} placeholder={t('losses.reason')} value={reason} style={{ minWidth: 150 }} onChange={(value?: LossReason) => write({ reason: value })}
          options={reasons.map((value) => ({ value, label: t(`reason.${value}`) }))} />
        <RangeFilter label={t('range')} from={read('from')} to={read('to')} onChange={(from, to) => write({ from, to })} />
      </FilterBar>
      <DataTable<Loss>
        label={t('losses.title')}
        rows={losses.rows}
        rowKey={(loss) => loss.id}
        problem={losses.error}
        retry={() => void losses.refetch()}
        empty={<Empty small title={t('losses.empty')} hint={t('losses.emptyHint')} />}
        more={{ has: losses.hasNextPage, loading: losses.isFetchingNextPage, load: () => void losses.fetchNextPage() }}
        columns={[
          { title: t('losses.who'), render: (_, loss) => <Who loss={loss} /> },
          { title: t('losses.how'), render: (_, loss) => <Tag color={loss.reason === 'customer_deleted' ? 'error' : loss.reason === 'staff_deleted' ? 'warning' : 'default'}>{t(`reason.${loss.reason}`)}</Tag> },
          { title: t('fields.staff'), render: (_, loss) => <>{loss.staff_name}<div className="faint" style={{ fontSize: 12.5 }}>{loss.unit_name}</div></> },
          { title: t('losses.at'), render: (_, loss) => <span className="num" title={ago(loss.at)}>{instant(loss.at)}</span> },
          { title: t('losses.after'), align: 'right', render: (_, loss) => (loss.days === null ? '–' : t('days', { count: loss.days })) },
          { title: t('losses.bought'), align: 'right', render: (_, loss) => (loss.orders ? <><strong className="num">{money(loss.revenue_minor)}</strong><div className="faint" style={{ fontSize: 12.5 }}>{t('orders', { count: loss.orders })}</div></> : <span className="faint">{t('losses.nothing')}</span>) },
          { title: t('fields.code'), render: (_, loss) => loss.code_name || '–' },
          { title: '', render: (_, loss) => <Deal loss={loss} onOpen={setOpen} /> },
        ]}
        card={(loss) => <RowCard title={<Who loss={loss} />} side={loss.orders ? money(loss.revenue_minor) : ''} lines={[`${t(`reason.${loss.reason}`)} · ${loss.staff_name}`, `${instant(loss.at)}${loss.days === null ? '' : ` · ${t('days', { count: loss.days })}`}`, <Deal key="d" loss={loss} onOpen={setOpen} />]} />}
      />
      {open && <DealDialog loss={open} onClose={() => setOpen(null)} />}
    </Panel>
  )
}

function Who({ loss }: { loss: Loss }) {
  const { t } = useTranslation('codes')
  return loss.member_id ? <Link to={`/members/${loss.member_id}`}>{loss.member_name || t('losses.unnamed')}</Link> : <span className="faint">{t('losses.unseen')}</span>
}

function Deal({ loss, onOpen }: { loss: Loss; onOpen: (loss: Loss) => void }) {
  const { t } = useTranslation('codes')
  const can = useCan()
  const { refused } = useNotice()
  const handle = useHandleLoss()
  if (loss.is_handled) {
    return (
      <span className="row"><span className="faint" title={loss.note}>{t('losses.doneBy', { by: loss.handled_by })}</span>
        {can(permissions.lossWrite) && <Button type="text" size="small" icon={<UndoOutlined />} aria-label={t('losses.reopen')} onClick={() => handle.mutate({ id: loss.id, is_handled: false, note: '' }, { onError: refused })} />}
      </span>
    )
  }
  return can(permissions.lossWrite) ? <Button size="small" icon={<CheckOutlined />} onClick={() => onOpen(loss)}>{t('losses.deal')}</Button> : null
}

function DealDialog({ loss, onClose }: { loss: Loss; onClose: () => void }) {
  const { t } = useTranslation('codes')
  const { done, refused } = useNotice()
  const handle = useHandleLoss()
  const [note, setNote] = useState('')
  const save = () => handle.mutate({ id: loss.id, is_handled: true, note }, { onSuccess: () => { done(t('losses.dealt')); onClose() }, onError: refused })
  return (
    <Modal open title={t('losses.deal')} okText={t('save')} cancelText={t('cancel')} confirmLoading={handle.isPending} onOk={save} onCancel={onClose}>
      <p className="soft" style={{ marginBottom: 8 }}>{t('losses.dealHint')}</p>
      <Input.TextArea aria-label={t('losses.note')} placeholder={t('losses.note')} maxLength={300} rows={3} value={note} onChange={(event) => setNote(event.target.value)} />
    </Modal>
  )
}

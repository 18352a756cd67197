import { DownloadOutlined, EditOutlined } from '@ant-design/icons'
import { Button, Dropdown, Popconfirm, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'

import { saveFile } from '@/api/transfer'
import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { Facts } from '@/design/Facts'
import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { RowCard } from '@/design/RowCard'
import { Secret } from '@/design/Secret'
import { Stat, Stats } from '@/design/Stat'
import { Waiting } from '@/design/Waiting'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { BatchDrawer } from '../components/BatchDrawer'
import { FunnelPanel } from '../components/FunnelPanel'
import { GradeTag } from '../components/GradeTag'
import { LookPreview } from '../components/LookPreview'
import { keptShare, rate, sheets } from '../model'
import { useBatch, useChangeBatch, useLeavers } from '../queries'
import type { Batch, Leaver } from '../types'

/** One batch: what became of its cards, what a contact cost, who came for the gift alone, and the files to print. */
export function BatchPage() {
  const { id = '' } = useParams()
  const { t } = useTranslation('cards')
  const batch = useBatch(id)
  const known = batch.data
  if (batch.error) return <ProblemNote problem={batch.error} retry={() => void batch.refetch()} />
  if (!known) return <Waiting />
  return (
    <>
      <PageHead back={{ to: '/cards', label: t('title') }} name={known.name} title={<>{known.name} {known.standing === 'closed' && <Tag>{t('closed')}</Tag>}</>} subtitle={`${known.design_name} · ${t(`kinds.${known.kind}`)} · ${t(`hooks.${known.hook}`)}`} actions={<Actions batch={known} />} />
      <div className="stack">
        <Figures batch={known} />
        <div className="side-right">
          <div className="stack">
            <FunnelPanel funnel={known.funnel} />
            <Leavers id={known.id} />
          </div>
          <div className="stack">
            <Panel title={t('printed')}><LookPreview look={known.look} /></Panel>
            <Panel title={t('address')}><Secret text={known.url} label={t('address')} /><Facts facts={[
              { label: t('fields.shippedOn'), value: known.shipped_on },
              { label: t('fields.code'), value: known.code_id ? <Link to={`/channel-codes/${known.code_id}`}>{t('openCode')}</Link> : <span className="faint">{t('noCode')}</span> },
              known.note !== '' && { label: t('fields.note'), value: known.note },
            ]} /></Panel>
          </div>
        </div>
      </div>
    </>
  )
}

function Figures({ batch }: { batch: Batch }) {
  const { t } = useTranslation('cards')
  const { count, share, money } = useFormat()
  const { funnel } = batch
  const month = funnel.kept[funnel.kept.length - 1]
  return (
    <Stats columns={5}>
      <Stat label={t('addRate')} definition={t('gradeWhat')} value={<span className="row">{share(rate(funnel.added, funnel.shipped))}<GradeTag grade={funnel.grade} /></span>} note={`${count(funnel.added)} / ${count(funnel.shipped)}`} />
      <Stat label={t('scanRate')} definition={t('scanWhat')} value={share(rate(funnel.scanned, funnel.shipped))} note={t('scansNote', { people: count(funnel.scanned), scans: count(funnel.scans) })} />
      <Stat label={t('kept30')} definition={t('keptWhat')} value={share(month ? keptShare(month) : null)} note={t('keptNote', { kept: count(month?.kept), mature: count(month?.mature) })} />
      <Stat label={t('costPerKept')} definition={t('costWhat')} value={money(funnel.cost_per_kept_minor)} note={t('costNote', { total: money(funnel.cost_minor) })} />
      <Stat label={t('boughtAgain')} definition={t('boughtWhat')} value={share(rate(funnel.bought, funnel.added))} note={t('boughtNote', { count: count(funnel.bought), revenue: money(funnel.revenue_minor) })} />
    </Stats>
  )
}

function Actions({ batch }: { batch: Batch }) {
  const { t } = useTranslation('cards')
  const can = useCan()
  const { done, refused } = useNotice()
  const change = useChangeBatch(batch.id)
  const [editing, setEditing] = useState(false)
  const save = (kind: string) => {
    const [path, name] = kind === 'png' ? ['picture', `${batch.name}.png`] : [`print?sheet=${kind}`, `${batch.name}-${kind}.pdf`]
    saveFile(`/api/cards/batches/${batch.id}/${path}`, name as string).catch(refused)
  }
  const files = [...sheets.map((sheet) => ({ key: sheet, label: t(`sheets.${sheet}`) })), { key: 'png', label: t('sheets.png') }]
  const isOpen = batch.standing === 'active'
  return (
    <>
      {can(permissions.cardWrite) && (
        <>
          <Popconfirm title={t(isOpen ? 'closeSure' : 'openSure')} onConfirm={() => change.mutate({ standing: isOpen ? 'closed' : 'active' }, { onSuccess: () => done(t('saved')), onError: refused })}>
            <Button loading={change.isPending}>{t(isOpen ? 'close' : 'reopen')}</Button>
          </Popconfirm>
          <Button icon={<EditOutlined />} onClick={() => setEditing(true)}>{t('edit')}</Button>
        </>
      )}
      <Dropdown trigger={['click']} menu={{ items: files, onClick: ({ key }) => save(key) }}><Button type="primary" icon={<DownloadOutlined />}>{t('print')}</Button></Dropdown>
      {editing && <BatchDrawer batch={batch} onClose={() => setEditing(false)} />}
    </>
  )
}

function Leavers({ id }: { id: string }) {
  const { t } = useTranslation('cards')
  const { instant } = useFormat()
  const leavers = useLeavers(id)
  const who = (row: Leaver) => (row.member_id ? <Link to={`/members/${row.member_id}`}>{row.name_masked || row.member_id.slice(-6)}</Link> : <span className="faint">{t('unknownPerson')}</span>)
  return (
    <Panel title={t('leavers')} flush>
      <DataTable<Leaver> size="small" label={t('leavers')} rows={leavers.data} rowKey={(row) => `${row.member_id}${row.left_at}`} problem={leavers.error} retry={() => void leavers.refetch()}
        empty={<Empty small title={t('noLeavers')} hint={t('leaversWhat')} />}
        columns={[
          { title: t('customer'), render: (_, row) => who(row) },
          { title: t('cameAt'), render: (_, row) => <span className="num">{instant(row.came_at)}</span> },
          { title: t('leftAt'), render: (_, row) => <span className="num">{instant(row.left_at)}</span> },
          { title: t('stayed'), align: 'right', render: (_, row) => <span className="num">{t('minutes', { count: row.minutes })}</span> },
        ]}
        card={(row) => <RowCard title={who(row)} side={t('minutes', { count: row.minutes })} lines={[`${instant(row.came_at)} → ${instant(row.left_at)}`]} />} />
    </Panel>
  )
}

import { PlusOutlined } from '@ant-design/icons'
import { Button, Form, Input, Tabs } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { FormDrawer } from '@/design/FormDrawer'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { StateMark } from '../components/StateMark'
import { useJourneys, useMakeJourney } from '../queries'
import type { JourneyKind, JourneyRow, Sop } from '../types'

const kinds = ['sop_customer', 'sop_group', 'sop_moments'] as const

/** Plain lists of "on which day what is sent": for customers, groups and moments. */
export function Sops() {
  const { t } = useTranslation('journeys')
  const [read, write] = useUrlState()
  const kind = kinds.find((one) => one === read('kind')) ?? 'sop_customer'
  return (
    <>
      <PageHead title={t('sop.title')} subtitle={t('sop.subtitle')} />
      <Tabs activeKey={kind} onChange={(key) => write({ kind: key === 'sop_customer' ? undefined : key })} destroyOnHidden items={kinds.map((key) => ({ key, label: t(`sop.${key}`), children: <List kind={key} /> }))} />
    </>
  )
}

function List({ kind }: { kind: JourneyKind }) {
  const { t } = useTranslation('journeys')
  const { count, ago } = useFormat()
  const can = useCan()
  const go = useNavigate()
  const [isNew, setNew] = useState(false)
  const found = useJourneys({ kinds: [kind] })
  const make = useMakeJourney()
  const add = can(permissions.journeyWrite) && <Button type="primary" icon={<PlusOutlined />} onClick={() => setNew(true)}>{t('sop.new')}</Button>
  const save = ({ name }: { name: string }) => {
    const sop: Sop = { steps: [{ day: 1, clock: '10:00' }] }
    make.mutate({ name: name.trim(), kind, sop: sop as unknown as Record<string, unknown> }, { onSuccess: (one) => void go(`/sops/${one.id}`) })
  }
  return (
    <>
      <Panel flush title={t(`sop.${kind}`)} extra={add}>
        <DataTable<JourneyRow> label={t(`sop.${kind}`)} rows={found.rows} rowKey={(one) => one.id} problem={found.error} retry={() => void found.refetch()} onOpen={(one) => void go(`/sops/${one.id}`)}
          empty={<Empty title={t('sop.none')} hint={t(`sop.hint.${kind}`)} action={add} />}
          more={{ has: found.hasNextPage, loading: found.isFetchingNextPage, load: () => void found.fetchNextPage() }}
          columns={[
            { title: t('name'), render: (_, one) => <Link to={`/sops/${one.id}`} tabIndex={-1}><strong>{one.name}</strong></Link> },
            { title: t('stateLabel'), render: (_, one) => <StateMark state={one.state} /> },
            { title: t('inside'), align: 'right', render: (_, one) => count(one.inside) },
            { title: t('entered'), align: 'right', render: (_, one) => count(one.entered) },
            { title: t('changed'), render: (_, one) => ago(one.changed_at) },
          ]}
          card={(one) => <RowCard title={one.name} side={<StateMark state={one.state} />} lines={[`${t('inside')} ${count(one.inside)} · ${t('entered')} ${count(one.entered)}`]} />} />
      </Panel>
      <FormDrawer<{ name: string }> open={isNew} title={t('sop.new')} saving={make.isPending} problem={make.error} submit={t('make')} onClose={() => setNew(false)} onSave={save}>
        <p className="soft">{t(`sop.hint.${kind}`)}</p>
        <Form.Item name="name" label={t('name')} rules={[{ required: true, whitespace: true, message: t('nameNeeded') }]}><Input maxLength={120} /></Form.Item>
      </FormDrawer>
    </>
  )
}

import { ReloadOutlined } from '@ant-design/icons'
import { Button, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { FilterBar } from '@/design/FilterBar'
import { Mark } from '@/design/Mark'
import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { RowCard } from '@/design/RowCard'
import { Waiting } from '@/design/Waiting'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'
import { useUrlState } from '@/lib/url'

import { CustomerName } from '../components/CustomerName'
import { StaffName } from '../components/StaffName'
import { useRefreshTransfer, useTransfer, useTransferCustomers } from '../transferQueries'
import type { TransferCustomer, TransferState } from '../types'
import { transferTones } from '../words'

/** One hand-over, customer by customer. */
export function TransferPage() {
  const { id = '' } = useParams()
  const { t, i18n } = useTranslation('channels')
  const { instant, count } = useFormat()
  const can = useCan()
  const { done, refused } = useNotice()
  const [read, write] = useUrlState()
  const state = read('state') as TransferState | undefined
  const transfer = useTransfer(id)
  const customers = useTransferCustomers(id, state)
  const refresh = useRefreshTransfer()
  if (transfer.error) return <ProblemNote problem={transfer.error} retry={() => void transfer.refetch()} />
  const known = transfer.data
  if (!known) return <Waiting />
  const there = Object.entries(known.counts).filter(([, number]) => number > 0)
  const mark = (one: TransferCustomer) => <Mark tone={transferTones[one.state]}>{t(`transfers.states.${one.state}`)}</Mark>
  const why = (one: TransferCustomer) => one.error_code ? <span title={String(one.error_code)}>{bilingual({ zh: one.error_zh, en: one.error_en }, i18n.language)}</span> : null
  return (
    <>
      <PageHead back={{ to: '/transfers', label: t('transfers.back') }} name={t('transfers.title')}
        title={<><StaffName accountId={known.account_id} userid={known.handover_userid} /> → <StaffName accountId={known.account_id} userid={known.takeover_userid} /></>}
        subtitle={[t(`transfers.kinds.${known.kind}`), instant(known.created_at), known.message].filter(Boolean).join(' · ')}
        actions={can(permissions.transferWrite) && <Button icon={<ReloadOutlined />} loading={refresh.isPending} onClick={() => refresh.mutate(id, { onSuccess: () => done(t('transfers.refreshed')), onError: refused })}>{t('transfers.refresh')}</Button>} />
      <Panel flush>
        <FilterBar active={state ? 1 : 0} onClear={() => write({ state: undefined })}
          search={<Segmented value={state ?? 'all'} onChange={(value) => write({ state: value === 'all' ? undefined : String(value) })}
            options={[{ value: 'all', label: t('all') }, ...there.map(([value, number]) => ({ value, label: `${t(`transfers.states.${value}`)} ${count(number)}` }))]} />} />
        <DataTable<TransferCustomer>
          label={t('transfers.customers')}
          rows={customers.rows}
          rowKey={(one) => one.external_userid}
          problem={customers.error}
          retry={() => void customers.refetch()}
          empty={<Empty small title={t('contacts.noMatch')} />}
          more={{ has: customers.hasNextPage, loading: customers.isFetchingNextPage, load: () => void customers.fetchNextPage() }}
          columns={[
            { title: t('contacts.one'), render: (_, one) => <CustomerName customer={one} /> },
            { title: t('transfers.state'), render: (_, one) => mark(one) },
            { title: t('transfers.reason'), render: (_, one) => why(one) },
            { title: t('transfers.taken'), render: (_, one) => <span className="num">{instant(one.takeover_at)}</span> },
          ]}
          card={(one) => <RowCard title={<CustomerName customer={one} />} side={mark(one)} lines={[why(one), one.takeover_at && instant(one.takeover_at)]} />}
        />
      </Panel>
    </>
  )
}

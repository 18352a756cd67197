import { Alert, Button, Form, Input, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { FormDrawer } from '@/design/FormDrawer'
import { useNotice } from '@/design/notice'
import { ProblemNote } from '@/design/ProblemNote'
import { useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'

import { namesIn, reasons } from '../model'
import { AccountPicker } from '../pickers/AccountPicker'
import { CorpStaffPicker } from '../pickers/CorpStaffPicker'
import { useAccounts } from '../queries'
import { usePlanTransfer, useStartTransfer } from '../transferQueries'
import type { Transfer, TransferIn, TransferPlan } from '../types'

type Values = { account_id?: string; kind: TransferIn['kind']; handover_userid: string; takeover_userid: string; who: 'all' | 'some'; ids?: string; message?: string }
type Props = { initial?: Partial<Values>; onClose: () => void; onMade: (transfer: Transfer) => void }

const MESSAGE_MAX = 200

/** Whose customers go to whom; who can be moved is shown before anything is asked of the platform. */
export function TransferDrawer({ initial, onClose, onMade }: Props) {
  const { t } = useTranslation('channels')
  const { done } = useNotice()
  const [form] = Form.useForm<Values>()
  const accounts = useAccounts()
  const plan = usePlanTransfer()
  const start = useStartTransfer()
  const [planned, setPlanned] = useState<TransferPlan | null>(null)
  const values = Form.useWatch([], form) as Partial<Values> | undefined
  const accountId = values?.account_id ?? initial?.account_id ?? accounts.data?.find((account) => account.kind === 'wecom')?.id
  const kind = values?.kind ?? initial?.kind ?? 'on_job'
  const asked = (given: Values): TransferIn => ({
    account_id: accountId ?? '', kind: given.kind, handover_userid: given.handover_userid, takeover_userid: given.takeover_userid,
    external_userids: given.who === 'some' ? namesIn(given.ids ?? '') : [], message: given.kind === 'on_job' ? given.message ?? '' : '',
  })
  const look = () => void form.validateFields().then((given) => plan.mutate(asked(given), { onSuccess: setPlanned })).catch(() => undefined)
  const save = (given: Values) => start.mutate(asked(given), { onSuccess: (made) => { done(t('transfers.started')); onMade(made) } })
  return (
    <FormDrawer<Values> open form={form} title={t('transfers.new')} width={560} submit={t('transfers.start')} initial={{ kind: 'on_job', who: 'all', ...initial }}
      saving={start.isPending} problem={start.error} onClose={onClose} onSave={save}>
      <Form.Item name="account_id" hidden={(accounts.data?.filter((account) => account.kind === 'wecom').length ?? 0) < 2}><AccountPicker width="100%" /></Form.Item>
      <Form.Item name="kind" label={t('transfers.kind')} required><Segmented block options={(['on_job', 'resigned'] as const).map((value) => ({ value, label: t(`transfers.kinds.${value}`) }))} /></Form.Item>
      <Form.Item name="handover_userid" label={t('transfers.from')} rules={[{ required: true }]}><CorpStaffPicker accountId={accountId} width="100%" /></Form.Item>
      <Form.Item name="takeover_userid" label={t('transfers.to')} rules={[{ required: true }]}><CorpStaffPicker accountId={accountId} width="100%" leftToo={false} except={values?.handover_userid} /></Form.Item>
      <Form.Item name="who" label={t('transfers.customers')} required><Segmented block options={[{ value: 'all', label: t('transfers.all') }, { value: 'some', label: t('transfers.some') }]} /></Form.Item>
      {(values?.who ?? initial?.who) === 'some' && <Form.Item name="ids" label={t('transfers.ids')} rules={[{ required: true, whitespace: true }]}><Input.TextArea rows={4} className="mono" /></Form.Item>}
      {kind === 'on_job' && <Form.Item name="message" label={t('transfers.message')} extra={t('transfers.messageHint')}><Input.TextArea rows={3} maxLength={MESSAGE_MAX} showCount /></Form.Item>}
      <Button block loading={plan.isPending} onClick={look}>{t('transfers.plan')}</Button>
      <ProblemNote problem={plan.error} />
      {planned && <Planned plan={planned} />}
    </FormDrawer>
  )
}

function Planned({ plan }: { plan: TransferPlan }) {
  const { t, i18n } = useTranslation('channels')
  const { count } = useFormat()
  const left = reasons(plan.left_out)
  return (
    <Alert style={{ marginTop: 12 }} showIcon type={plan.external_userids.length ? 'success' : 'warning'} title={t('transfers.planned', { count: plan.external_userids.length })}
      description={left.length > 0 && (
        <>
          {t('transfers.blocked', { count: plan.left_out.length })}
          <ul style={{ margin: '4px 0 0', paddingInlineStart: 18 }}>{left.map((one) => <li key={one.code}>{bilingual(one, i18n.language)} <span className="num soft">{count(one.number)}</span></li>)}</ul>
        </>
      )} />
  )
}

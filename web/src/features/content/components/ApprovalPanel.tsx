import { Alert, App, Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useNotice } from '@/design/notice'
import { permissions } from '@/lib/permissions'
import { useCan } from '@/lib/session'

import { nextStep } from '../model'
import { useDecide, useSubmit, useWithdraw } from '../queries'
import type { Material, Version } from '../types'

/** What stands between the newest version and the members who will get it. */
export function ApprovalPanel({ material, latest }: { material: Material; latest: Version }) {
  const { t } = useTranslation('content')
  const { done, refused } = useNotice()
  const { modal } = App.useApp()
  const can = useCan()
  const submit = useSubmit()
  const withdraw = useWithdraw()
  const decide = useDecide()
  const [reason, setReason] = useState('')
  const step = nextStep(material)
  const mine = { id: material.id, revision: material.revision }
  const told = { onError: refused }
  const reject = () => {
    let said = ''
    modal.confirm({
      title: t('approve.rejectTitle'),
      content: <Input.TextArea autoFocus aria-label={t('approve.reason')} placeholder={t('approve.reason')} onChange={(event) => { said = event.target.value }} />,
      okText: t('approve.reject'),
      onOk: () => decide.mutateAsync({ ...mine, approves: false, reason: said }).then(() => done(t('approve.rejected')), refused),
    })
  }
  if (step === 'none') return null
  if (step === 'decide') {
    return (
      <Alert type="warning" showIcon title={t('approve.waiting', { number: latest.number, who: latest.author })} description={latest.note || undefined}
        action={can(permissions.contentApprove)
          ? <span className="row"><Button type="primary" size="small" loading={decide.isPending} onClick={() => decide.mutate({ ...mine, approves: true, reason: '' }, { ...told, onSuccess: () => done(t('approve.approved')) })}>{t('approve.approve')}</Button><Button size="small" danger onClick={reject}>{t('approve.reject')}</Button></span>
          : can(permissions.contentWrite) && <Button size="small" onClick={() => withdraw.mutate(mine, told)}>{t('approve.withdraw')}</Button>} />
    )
  }
  return (
    <Alert type={latest.state === 'rejected' ? 'error' : 'info'} showIcon title={latest.state === 'rejected' ? t('approve.wasRejected', { who: latest.reviewer, reason: latest.reason }) : t('approve.draft', { number: latest.number })}
      description={material.version > 0 ? t('approve.olderSent', { number: material.version }) : t('approve.notSent')}
      action={can(permissions.contentWrite) && (
        <span className="row">
          <Input size="small" value={reason} placeholder={t('approve.note')} aria-label={t('approve.note')} onChange={(event) => setReason(event.target.value)} style={{ width: 160 }} />
          <Button type="primary" size="small" loading={submit.isPending} onClick={() => submit.mutate({ ...mine, note: reason }, { ...told, onSuccess: () => done(t('approve.submitted')) })}>{t('approve.submit')}</Button>
        </span>
      )} />
  )
}

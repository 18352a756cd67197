import { Alert, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useNotice } from '@/design/notice'
import { ProblemNote } from '@/design/ProblemNote'

import { pathOf } from '../model'
import { useChangeMemberTags } from '../queries'

type Props = { memberId: string; tag: { group: string; name: string; rule_audience_id?: string | null }; follows?: boolean; onClose: () => void }

/** Taking one tag off one member, with the reason. */
export function LiftDialog({ memberId, tag, follows, onClose }: Props) {
  const { t } = useTranslation('tags')
  const { done } = useNotice()
  const change = useChangeMemberTags(memberId)
  const [reason, setReason] = useState('')
  const submit = () => change.mutate({ lift: [{ group: tag.group, tag: tag.name }], reason: reason.trim() }, { onSuccess: () => { done(t('lift.done')); onClose() } })
  return (
    <Modal open title={t('lift.title', { name: pathOf(tag) })} okText={t('verbs.lift')} okButtonProps={{ danger: true, disabled: reason.trim() === '' }} confirmLoading={change.isPending} onOk={submit} onCancel={onClose}>
      <div className="stack-small">
        {(follows || tag.rule_audience_id) && <Alert type="info" showIcon title={t('lift.rule')} />}
        <Input autoFocus value={reason} maxLength={200} placeholder={t('reason')} aria-label={t('reason')} onPressEnter={() => reason.trim() !== '' && submit()} onChange={(event) => setReason(event.target.value)} />
        <ProblemNote problem={change.error} />
      </div>
    </Modal>
  )
}

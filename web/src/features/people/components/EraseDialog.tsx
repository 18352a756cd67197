import { Alert, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { useNotice } from '@/design/notice'
import { ProblemNote } from '@/design/ProblemNote'

import { useErase } from '../queries'
import type { Member } from '../types'

/** Erasure cannot be undone: the member's number has to be typed. */
export function EraseDialog({ member, name, onClose }: { member: Member; name: string; onClose: () => void }) {
  const { t } = useTranslation('people')
  const go = useNavigate()
  const { done } = useNotice()
  const erase = useErase(member.id)
  const [typed, setTyped] = useState('')
  const [reason, setReason] = useState('')
  const word = String(member.member_no)
  const submit = () => erase.mutate(reason.trim(), { onSuccess: () => { done(t('erase.done')); void go('/members') } })
  return (
    <Modal open title={t('erase.title', { name })} okText={t('erase.submit')} okButtonProps={{ danger: true, disabled: typed !== word || reason.trim() === '' }} confirmLoading={erase.isPending} onOk={submit} onCancel={onClose}>
      <Alert type="error" showIcon title={t('erase.notice')} style={{ marginBottom: 12 }} />
      <Form layout="vertical">
        <Form.Item label={t('reason')} htmlFor="erase-reason"><Input id="erase-reason" value={reason} onChange={(event) => setReason(event.target.value)} placeholder={t('erase.reasonHint')} /></Form.Item>
        <Form.Item label={t('erase.type', { word })} htmlFor="erase-word"><Input id="erase-word" value={typed} data-testid="erase-word" onChange={(event) => setTyped(event.target.value.trim())} /></Form.Item>
      </Form>
      <ProblemNote problem={erase.error} />
    </Modal>
  )
}

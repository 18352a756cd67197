import { Alert, Form, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'

import { FormDrawer } from '@/design/FormDrawer'
import { useNotice } from '@/design/notice'
import { bilingual } from '@/lib/text'

import { useChatsNamed, useHandOverChats } from '../groupQueries'
import { ChatPicker } from '../pickers/ChatPicker'
import { CorpStaffPicker } from '../pickers/CorpStaffPicker'
import type { Chat, GroupTransfer, GroupTransferIn } from '../types'

type Props = { accountId: string; chats: Chat[]; kind?: GroupTransferIn['kind']; onClose: () => void }
type Values = { kind: GroupTransferIn['kind']; chat_ids: string[]; new_owner: string }

const kinds = ['on_job', 'resigned'] as const

/** Groups get a new owner at once; what could not be given is told group by group. */
export function ChatTransferDrawer({ accountId, chats, kind = 'on_job', onClose }: Props) {
  const { t } = useTranslation('channels')
  const { done } = useNotice()
  const [form] = Form.useForm<Values>()
  const give = useHandOverChats()
  const chosenKind = Form.useWatch('kind', form) ?? kind
  const owners = new Set(chats.map((chat) => chat.owner))
  const save = (values: Values) => give.mutate({ account_id: accountId, ...values }, {
    onSuccess: (made) => {
      if (made.given) done(t('chatTransfer.given', { count: made.given }))
      if (made.failed.length === 0) onClose()
      else form.setFieldValue('chat_ids', made.failed.map((one) => one.chat_id))
    },
  })
  return (
    <FormDrawer<Values> open form={form} title={t('chatTransfer.title')} width={560} submit={t('chatTransfer.start')}
      initial={{ kind, chat_ids: chats.map((chat) => chat.chat_id) }} saving={give.isPending} problem={give.error} onClose={onClose} onSave={save}>
      <Form.Item name="kind" label={t('transfers.kind')} extra={t(`chatTransfer.how.${chosenKind}`)} required>
        <Segmented block options={kinds.map((value) => ({ value, label: t(`transfers.kinds.${value}`) }))} />
      </Form.Item>
      <Form.Item name="chat_ids" label={t('groups.title')} rules={[{ required: true, message: t('chatTransfer.none') }]}><ChatPicker accountId={accountId} /></Form.Item>
      <Form.Item name="new_owner" label={t('chatTransfer.to')} rules={[{ required: true }]}>
        <CorpStaffPicker accountId={accountId} width="100%" leftToo={false} except={owners.size === 1 ? [...owners][0] : undefined} label={t('chatTransfer.choose')} />
      </Form.Item>
      {give.data && give.data.failed.length > 0 && <Failed outcome={give.data} />}
    </FormDrawer>
  )
}

function Failed({ outcome }: { outcome: GroupTransfer }) {
  const { t, i18n } = useTranslation('channels')
  const known = useChatsNamed(outcome.failed.map((one) => one.chat_id))
  return (
    <Alert type="warning" showIcon title={t('chatTransfer.failed', { count: outcome.failed.length })} description={(
      <ul style={{ margin: 0, paddingInlineStart: 18 }}>
        {outcome.failed.map((one) => (
          <li key={one.chat_id}><strong>{known.find((chat) => chat.chat_id === one.chat_id)?.name || one.chat_id}</strong> {bilingual(one, i18n.language)} <span className="num soft">{one.error_code}</span></li>
        ))}
      </ul>
    )} />
  )
}

import { Alert, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { FormDrawer } from '@/design/FormDrawer'
import { useNotice } from '@/design/notice'
import { useFormat } from '@/lib/session'

import { useSaveAudience, type Wish } from '../rhythms'

/** Keeps what was clicked as an audience that follows every day. */
export function SaveAudience({ wish, onClose }: { wish: Wish; onClose: () => void }) {
  const { t } = useTranslation('rfm')
  const { count } = useFormat()
  const notice = useNotice()
  const go = useNavigate()
  const save = useSaveAudience()
  const keep = ({ name }: { name: string }) =>
    save.mutate({ name, definition: wish.definition }, {
      onSuccess: (made) => {
        notice.done(t('saved', { name: made.name }))
        onClose()
        void go(`/audiences/${made.id}`)
      },
    })
  return (
    <FormDrawer<{ name: string }> open title={t('saveTitle')} submit={t('save')} initial={{ name: wish.name }} saving={save.isPending} problem={save.error} onClose={onClose} onSave={keep}>
      <Alert type="info" showIcon title={t('saveWhat', { members: count(wish.members) })} style={{ marginBottom: 16 }} />
      <Form.Item name="name" label={t('name')} rules={[{ required: true, max: 60 }]}><Input autoFocus /></Form.Item>
    </FormDrawer>
  )
}

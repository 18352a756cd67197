import { DatePicker, Form, Input } from 'antd'
import type { Dayjs } from 'dayjs'
import { useTranslation } from 'react-i18next'

import { FormDrawer } from '@/design/FormDrawer'
import { useNotice } from '@/design/notice'
import { dayEnd } from '@/lib/days'
import { useSession } from '@/lib/session'

import { TagPicker } from '../pickers/TagPicker'
import { useChangeMemberTags } from '../queries'
import type { MemberTag } from '../types'

type Values = { tags: string[]; reason: string; until?: Dayjs }

/** Tags for one member: known ones are chosen, new ones typed as "group/tag". */
export function MemberPutDrawer({ memberId, carried, onClose }: { memberId: string; carried: MemberTag[]; onClose: () => void }) {
  const { t } = useTranslation('tags')
  const { workspace } = useSession()
  const { done } = useNotice()
  const change = useChangeMemberTags(memberId)
  const save = ({ tags, reason, until }: Values) =>
    change.mutate(
      { put: tags, reason: reason.trim(), expires_at: until ? dayEnd(until.format('YYYY-MM-DD'), workspace.time_zone) : undefined },
      { onSuccess: () => { done(t('saved')); onClose() } },
    )
  return (
    <FormDrawer<Values> open title={t('panel.put')} initial={{ tags: [], reason: '' }} saving={change.isPending} problem={change.error} submit={t('verbs.put')} onClose={onClose} onSave={save}>
      <Form.Item name="tags" label={t('tag.title')} extra={t('picker.newHint')} rules={[{ required: true, type: 'array', min: 1 }]}><TagPicker adds without={carried.filter((tag) => !tag.expires_at).map((tag) => tag.id)} /></Form.Item>
      <Form.Item name="reason" label={t('reason')} rules={[{ required: true, whitespace: true, max: 200 }]}><Input maxLength={200} placeholder={t('put.reasonHint')} /></Form.Item>
      <Form.Item name="until" label={t('put.until')} extra={t('put.untilOwn')}><DatePicker style={{ width: '100%' }} /></Form.Item>
    </FormDrawer>
  )
}

import { UserAddOutlined } from '@ant-design/icons'
import { Button, Form, Input, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { FormDrawer } from '@/design/FormDrawer'
import { useNotice } from '@/design/notice'
import { Panel } from '@/design/Panel'
import { MemberPicker } from '@/features/people/pickers/MemberPicker'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { useAudienceMembers, useSetMembers } from '../queries'
import type { Audience } from '../types'
import { MemberList } from './MemberList'

type Values = { verb: 'put' | 'lift' | 'clear'; member: string; reason: string }

/** Everybody in the audience; members are put in or kept out by hand here. */
export function MembersTab({ audience }: { audience: Audience }) {
  const { t } = useTranslation('audiences')
  const { count } = useFormat()
  const can = useCan()
  const members = useAudienceMembers(audience.id)
  const [open, setOpen] = useState(false)
  const extra = can(permissions.audienceWrite) && <Button size="small" icon={<UserAddOutlined />} onClick={() => setOpen(true)}>{t('hand.button')}</Button>
  return (
    <Panel title={t('membersTotal', { shown: count(members.total ?? audience.count) })} extra={extra} flush data-testid="audience-members">
      <MemberList members={members} label={t('tabs.members')} />
      {open && <HandDrawer audience={audience} onClose={() => setOpen(false)} />}
    </Panel>
  )
}

function HandDrawer({ audience, onClose }: { audience: Audience; onClose: () => void }) {
  const { t } = useTranslation('audiences')
  const { done } = useNotice()
  const change = useSetMembers(audience.id)
  const save = ({ verb, member, reason }: Values) =>
    change.mutate({ put: [], lift: [], clear: [], [verb]: [member], reason: reason.trim() }, { onSuccess: () => { done(t('saved')); onClose() } })
  return (
    <FormDrawer<Values> open title={t('hand.title')} initial={{ verb: 'put', reason: '' }} saving={change.isPending} problem={change.error} onClose={onClose} onSave={save}>
      <p className="soft" style={{ marginBottom: 16 }}>{t('hand.hint')}</p>
      <Form.Item name="verb"><Radio.Group optionType="button" options={(['put', 'lift', 'clear'] as const).map((value) => ({ value, label: t(`hand.${value}`) }))} /></Form.Item>
      <Form.Item name="member" label={t('members.member')} rules={[{ required: true }]}><MemberPicker /></Form.Item>
      <Form.Item name="reason" label={t('hand.reason')} rules={[{ required: true, whitespace: true, max: 200 }]}><Input maxLength={200} /></Form.Item>
    </FormDrawer>
  )
}

import { Form, Input, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'

import { FormDrawer } from '@/design/FormDrawer'
import { useNotice } from '@/design/notice'
import { UnitsPicker } from '@/features/organization/pickers/UnitsPicker'
import { bilingual } from '@/lib/text'

import { useAddUser, useChangeUser, useRoles } from '../queries'
import type { User } from '../types'

type Values = { name: string; email: string; roles: string[]; unit_ids?: string[]; enabled: boolean }

export function UserDrawer({ user, onClose }: { user?: User; onClose: () => void }) {
  const { t, i18n } = useTranslation('access')
  const { done } = useNotice()
  const roles = useRoles()
  const add = useAddUser()
  const change = useChangeUser()
  const saved = { onSuccess: () => { done(t('saved')); onClose() } }
  const save = ({ enabled, email, unit_ids = [], ...rest }: Values) =>
    user ? change.mutate({ id: user.id, ...rest, unit_ids, disabled: !enabled }, saved) : add.mutate({ email, unit_ids, ...rest }, saved)
  return (
    <FormDrawer<Values>
      open
      title={user ? user.name : t('users.add')}
      initial={user ? { ...user, enabled: !user.disabled } : { roles: [], unit_ids: [], enabled: true }}
      saving={add.isPending || change.isPending}
      problem={add.error ?? change.error}
      onClose={onClose}
      onSave={save}
    >
      <Form.Item name="name" label={t('users.name')} rules={[{ required: true }]}><Input autoFocus /></Form.Item>
      <Form.Item name="email" label={t('users.email')} rules={[{ required: true, type: 'email' }]}><Input type="email" disabled={user !== undefined} /></Form.Item>
      <Form.Item name="roles" label={t('users.roles')} rules={[{ required: true }]}>
        <Select mode="multiple" options={roles.data?.rows.map((role) => ({ value: role.id, label: bilingual(role, i18n.language) }))} />
      </Form.Item>
      <Form.Item name="unit_ids" label={t('users.scope')} extra={t('users.scopeHint')}><UnitsPicker /></Form.Item>
      {user && <Form.Item name="enabled" label={t('users.mayEnter')} valuePropName="checked"><Switch /></Form.Item>}
    </FormDrawer>
  )
}

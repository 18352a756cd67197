import { App, Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'

import { FormDrawer } from '@/design/FormDrawer'
import { useNotice } from '@/design/notice'

import { useAddRole, useChangeRole, useDropRole } from '../queries'
import type { PermissionText, Role, RoleIn } from '../types'
import { PermissionChecks } from './PermissionChecks'

type Props = { role?: Role; texts: PermissionText[]; readOnly: boolean; onClose: () => void }

export function RoleDrawer({ role, texts, readOnly, onClose }: Props) {
  const { t } = useTranslation('access')
  const { modal } = App.useApp()
  const { done, refused } = useNotice()
  const add = useAddRole()
  const change = useChangeRole()
  const drop = useDropRole()
  const isFixed = readOnly || role?.builtin === true
  const saved = { onSuccess: () => { done(t('saved')); onClose() } }
  const save = (values: RoleIn) => {
    if (isFixed) return onClose()
    if (role) change.mutate({ id: role.id, ...values }, saved)
    else add.mutate(values, saved)
  }
  const ask = () =>
    modal.confirm({
      title: t('roles.dropTitle', { name: role?.zh }),
      okText: t('delete'),
      okButtonProps: { danger: true },
      onOk: () => role && drop.mutateAsync(role.id).then(onClose, refused),
    })
  return (
    <FormDrawer<RoleIn>
      open
      width={640}
      title={role ? t('roles.edit') : t('roles.add')}
      submit={isFixed ? t('close') : undefined}
      initial={role ?? { permissions: [] }}
      saving={add.isPending || change.isPending}
      problem={add.error ?? change.error}
      onClose={onClose}
      onSave={save}
    >
      {role?.builtin && <p className="soft" style={{ marginBottom: 12 }}>{t('roles.builtin')}</p>}
      <Form.Item name="zh" label={t('roles.zh')} rules={[{ required: true }]}><Input disabled={isFixed} /></Form.Item>
      <Form.Item name="en" label={t('roles.en')} rules={[{ required: true }]}><Input disabled={isFixed} /></Form.Item>
      <Form.Item name="permissions" label={t('roles.permissions')}><PermissionChecks texts={texts} disabled={isFixed} /></Form.Item>
      {role && !isFixed && <Button danger onClick={ask}>{t('roles.drop')}</Button>}
    </FormDrawer>
  )
}

import { Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'

import { useNotice } from '@/design/notice'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { useSession } from '@/lib/session'

import { useNewPassword } from '../queries'

type Values = { old?: string; new: string; again: string }

export function PasswordPanel() {
  const { t } = useTranslation('access')
  const { user } = useSession()
  const { done } = useNotice()
  const [form] = Form.useForm<Values>()
  const change = useNewPassword()
  const save = ({ old, new: fresh }: Values) =>
    change.mutate({ old, new: fresh }, { onSuccess: () => { done(t('account.passwordSaved')); form.resetFields() } })
  return (
    <Panel title={t('account.password')}>
      <Form<Values> form={form} layout="vertical" requiredMark={false} onFinish={save}>
        {user.has_password && (
          <Form.Item name="old" label={t('account.old')} rules={[{ required: true, message: t('account.oldMissing') }]}>
            <Input.Password autoComplete="current-password" />
          </Form.Item>
        )}
        <Form.Item name="new" label={t('account.new')} extra={t('account.newHint')} rules={[{ required: true, min: 10, message: t('account.newHint') }]}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <Form.Item
          name="again"
          label={t('account.again')}
          dependencies={['new']}
          rules={[({ getFieldValue }) => ({
            validator: (_, value) => (value === getFieldValue('new') ? Promise.resolve() : Promise.reject(new Error(t('account.differs')))),
          })]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
        <ProblemNote problem={change.error} />
        <Button htmlType="submit" loading={change.isPending}>{user.has_password ? t('account.change') : t('account.set')}</Button>
      </Form>
    </Panel>
  )
}

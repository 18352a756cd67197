import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Problem } from '@/api/problem'
import { ProblemNote } from '@/design/ProblemNote'

import { useSignIn, type Credentials } from '../queries'

/** E-mail and password; the second factor is asked for once the server wants it. */
export function PasswordForm({ workspace, onDone }: { workspace: string; onDone: () => void }) {
  const { t } = useTranslation('access')
  const signIn = useSignIn()
  const [asksCode, setAsksCode] = useState(false)
  const [asksWorkspace, setAsksWorkspace] = useState(workspace !== '')
  const submit = (values: Credentials) =>
    signIn.mutate(values, {
      onSuccess: onDone,
      onError: (thrown) => setAsksCode((before) => before || Problem.from(thrown).code.includes('totp')),
    })
  const isFirstAsking = asksCode && Problem.from(signIn.error).code.endsWith('totp_required')
  return (
    <Form<Credentials> layout="vertical" size="large" requiredMark={false} initialValues={{ workspace: workspace || undefined }} onFinish={submit}>
      {asksWorkspace && (
        <Form.Item name="workspace" label={t('signIn.workspace')}>
          <Input autoComplete="organization" />
        </Form.Item>
      )}
      <Form.Item name="email" label={t('signIn.email')} rules={[{ required: true, message: t('signIn.emailMissing') }]}>
        <Input type="email" autoComplete="username" autoFocus />
      </Form.Item>
      <Form.Item name="password" label={t('signIn.password')} rules={[{ required: true, message: t('signIn.passwordMissing') }]}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      {asksCode && (
        <Form.Item name="totp" label={t('signIn.code')} extra={t('signIn.codeHint')}>
          <Input.OTP length={6} autoFocus />
        </Form.Item>
      )}
      {!isFirstAsking && <ProblemNote problem={signIn.error} />}
      <Button type="primary" htmlType="submit" block loading={signIn.isPending} style={{ marginTop: 4 }}>{t('signIn.submit')}</Button>
      {!asksWorkspace && (
        <Button type="link" size="small" block style={{ marginTop: 8 }} onClick={() => setAsksWorkspace(true)}>{t('signIn.otherWorkspace')}</Button>
      )}
    </Form>
  )
}

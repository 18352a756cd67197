import { Button, Form, Input, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'

import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { changeLanguage, type Language } from '@/lib/i18n'
import { useSession } from '@/lib/session'

import { PasswordPanel } from '../components/PasswordPanel'
import { TotpPanel } from '../components/TotpPanel'
import { useRename } from '../queries'

export function Account() {
  const { t, i18n } = useTranslation('access')
  const { user } = useSession()
  const { done } = useNotice()
  const rename = useRename()
  const choose = (locale: Language) => rename.mutate({ locale }, { onSuccess: () => void changeLanguage(locale) })
  return (
    <>
      <PageHead title={t('account.title')} subtitle={t('account.subtitle')} />
      <div className="two" style={{ maxWidth: 1080 }}>
        <Panel title={t('account.who')}>
          <Form<{ name: string }> layout="vertical" initialValues={{ name: user.name }} onFinish={(values) => rename.mutate(values, { onSuccess: () => done(t('saved')) })}>
            <Form.Item label={t('users.email')}><Input value={user.email ?? ''} disabled /></Form.Item>
            <Form.Item name="name" label={t('users.name')} rules={[{ required: true }]}><Input /></Form.Item>
            <Form.Item label={t('account.language')}>
              <Segmented<Language> value={i18n.language as Language} onChange={choose} options={[{ value: 'zh-CN', label: '简体中文' }, { value: 'en', label: 'English' }]} />
            </Form.Item>
            <ProblemNote problem={rename.error} />
            <Button type="primary" htmlType="submit" loading={rename.isPending}>{t('save')}</Button>
          </Form>
        </Panel>
        <div className="stack">
          <PasswordPanel />
          <TotpPanel />
        </div>
      </div>
    </>
  )
}

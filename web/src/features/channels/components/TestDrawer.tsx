import { Alert, Form, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { FormDrawer } from '@/design/FormDrawer'
import { bilingual } from '@/lib/text'

import { fieldsIn } from '../model'
import { testChannels } from '../options'
import { CorpStaffPicker } from '../pickers/CorpStaffPicker'
import { useTest } from '../queries'
import type { Account, TestIn } from '../types'

const good = ['accepted', 'delivered']

type Values = Omit<TestIn, 'values'> & { fields?: string }

/** A message to oneself through this account: what is wrong is told in words. */
export function TestDrawer({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t, i18n } = useTranslation('channels')
  const test = useTest()
  const [form] = Form.useForm<Values>()
  const offered: readonly TestIn['channel'][] = testChannels[account.kind]
  const channel = Form.useWatch('channel', form) ?? offered[0] ?? 'wecom_app'
  const isApp = channel === 'wecom_app'
  const hasTemplate = ['official', 'mini', 'sms'].includes(account.kind)
  const needsTemplate = hasTemplate && account.options.format !== 'generic'
  const hasSender = ['wecom', 'wecom_group', 'moments'].includes(channel)
  const outcome = test.data
  return (
    <FormDrawer<Values> open form={form} title={t('test.title')} initial={{ channel: offered[0] }} submit={t('test.send')} saving={test.isPending} problem={test.error}
      onClose={onClose} onSave={({ fields, ...values }) => test.mutate({ template_id: '', page: '', sender: '', text: '', ...values, values: fieldsIn(fields ?? ''), id: account.id })}>
      <Form.Item name="channel" label={t('test.channel')} rules={[{ required: true }]}>
        <Select options={offered.map((value) => ({ value, label: t(`test.channels.${value}`) }))} />
      </Form.Item>
      <Form.Item name="to" label={t(`test.to.${channel}`)} extra={t(`test.toHint.${channel}`)} rules={[{ required: true }]}>
        {isApp ? <CorpStaffPicker accountId={account.id} width="100%" leftToo={false} label={t('test.choose')} /> : <Input className="mono" />}
      </Form.Item>
      {hasSender && <Form.Item name="sender" label={t('test.sender')} extra={t('test.senderHint')} rules={[{ required: true }]}><CorpStaffPicker accountId={account.id} width="100%" leftToo={false} label={t('test.choose')} /></Form.Item>}
      {hasTemplate && <Form.Item name="template_id" label={t('test.template')} rules={[{ required: needsTemplate }]}><Input className="mono" /></Form.Item>}
      {hasTemplate && <Form.Item name="fields" label={t('test.fields')} extra={t('test.fieldsHint')}><Input.TextArea rows={3} className="mono" placeholder={t('test.fieldsExample')} /></Form.Item>}
      {outcome && <Alert type={good.includes(outcome.state) ? 'success' : 'warning'} showIcon title={bilingual(outcome, i18n.language)} description={bilingual({ zh: outcome.what_to_do_zh, en: outcome.what_to_do_en }, i18n.language) || undefined} />}
    </FormDrawer>
  )
}

import { Button, Form, Input, Select, Space } from 'antd'
import { useTranslation } from 'react-i18next'

import { FormDrawer } from '@/design/FormDrawer'
import { useNotice } from '@/design/notice'

import { defaultsOf, needsHost, wechat } from '../options'
import { useChangeAccount, useCheck, useConnect } from '../queries'
import type { Account, AccountIn } from '../types'
import { unguessable } from '../words'
import { OptionFields } from './OptionFields'

type Props = { account?: Account; onClose: () => void; onMade?: (id: string) => void }
const kinds = ['wecom', 'official', 'mini', 'sms', 'email', 'webhook', 'ads'] as const
const TOKEN_LENGTH = 24
const KEY_LENGTH = 43

/** Credentials as the platform's own pages show them, each with where it is found. Secrets stay as they are when left empty. */
export function ConnectDrawer({ account, onClose, onMade }: Props) {
  const { t } = useTranslation('channels')
  const { done } = useNotice()
  const [form] = Form.useForm<AccountIn>()
  const kind = Form.useWatch('kind', form) ?? account?.kind ?? 'wecom'
  const format = Form.useWatch(['options', 'format'], form) ?? account?.options.format ?? defaultsOf(kind).format ?? ''
  const isWechat = wechat.includes(kind)
  const connect = useConnect()
  const change = useChangeAccount()
  const check = useCheck()
  // Whether the platform takes the credentials is known at once, on the page behind.
  const saved = (made: Account) => { check.mutate(made.id); done(t('connect.saved')); onMade?.(made.id); onClose() }
  const save = (values: AccountIn) => {
    const given: Partial<AccountIn> = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== '' && value !== undefined))
    const options = Object.fromEntries(Object.entries(values.options ?? {}).filter(([, value]) => value))
    if (!isWechat) given.options = options
    const { kind: _kind, ...changed } = given
    if (account) change.mutate({ id: account.id, ...changed }, { onSuccess: saved })
    else connect.mutate(given as AccountIn, { onSuccess: saved })
  }
  const make = (name: 'callback_token' | 'callback_key', length: number) => <Button onClick={() => form.setFieldValue(name, unguessable(length))}>{t('connect.make')}</Button>
  const kept = account?.has_secret ? t('connect.keptSecret') : undefined
  const keptCallback = account?.has_callback ? t('connect.keptSecret') : undefined
  const initial = account ? { kind: account.kind, name: account.name, corp_id: account.corp_id, agent_id: account.agent_id, host: account.host, options: account.options } : { kind: 'wecom' as const }
  return (
    <FormDrawer<AccountIn> open form={form} title={t(account ? 'connect.change' : 'connect.title')} initial={initial} width={560}
      saving={connect.isPending || change.isPending} problem={connect.error ?? change.error} onClose={onClose} onSave={save}>
      <Form.Item name="kind" label={t('account.kind')} required hidden={Boolean(account)}><Select options={kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))} onChange={(value: string) => form.setFieldValue('options', defaultsOf(value))} /></Form.Item>
      <Form.Item name="name" label={t('account.name')} rules={[{ required: true, whitespace: true, max: 60 }]}><Input maxLength={60} autoFocus placeholder={t('connect.namePlaceholder')} /></Form.Item>
      <Form.Item name="corp_id" label={t(`connect.idName.${kind}`)} extra={t(`connect.idWhere.${kind}`)} rules={[{ required: true, whitespace: true }]}>
        <Input disabled={Boolean(account)} className="mono" autoComplete="off" />
      </Form.Item>
      {kind === 'wecom' && <Form.Item name="agent_id" label="AgentId" extra={t('connect.agentWhere')} rules={[{ required: true, pattern: /^\d+$/, message: t('connect.agentDigits') }]}><Input inputMode="numeric" autoComplete="off" /></Form.Item>}
      <Form.Item name="secret" label={t(`connect.secretName.${kind}`)} extra={t(`connect.secretWhere.${kind}`)} rules={account || kind === 'email' ? [] : [{ required: true, whitespace: true }]}>
        <Input.Password autoComplete="new-password" placeholder={kept} />
      </Form.Item>
      {isWechat && <>
        <Form.Item label="Token" extra={t('connect.callbackWhere')}>
          <Space.Compact block><Form.Item name="callback_token" noStyle><Input autoComplete="off" className="mono" placeholder={keptCallback} /></Form.Item>{make('callback_token', TOKEN_LENGTH)}</Space.Compact>
        </Form.Item>
        <Form.Item label="EncodingAESKey">
          <Space.Compact block>
            <Form.Item name="callback_key" noStyle rules={[{ len: KEY_LENGTH, message: t('connect.keyLength') }]}><Input autoComplete="off" className="mono" placeholder={keptCallback} /></Form.Item>
            {make('callback_key', KEY_LENGTH)}
          </Space.Compact>
        </Form.Item>
      </>}
      <OptionFields kind={kind} format={format} />
      {kind !== 'email' && (
        <Form.Item name="host" label={t('account.host')} extra={t(isWechat || !needsHost(kind, format) ? 'connect.hostHint' : `connect.hostWhere.${kind}`)} rules={[{ required: needsHost(kind, format), whitespace: true }]}>
          <Input className="mono" autoComplete="off" placeholder={kind === 'wecom' ? 'https://qyapi.weixin.qq.com' : 'https://'} />
        </Form.Item>
      )}
    </FormDrawer>
  )
}

import { Button, Form, Input, Select, Spin } from 'antd'
import { useTranslation } from 'react-i18next'

import { useNotice } from '@/design/notice'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { permissions } from '@/lib/permissions'
import { useCan } from '@/lib/session'
import { timeZones } from '@/lib/zones'

import { useChangeWorkspace, useWorkspace } from '../queries'
import type { WorkspaceChange } from '../types'

const currencies = ['CNY', 'HKD', 'TWD', 'USD', 'EUR', 'GBP', 'JPY', 'SGD', 'BRL']

export function WorkspacePanel() {
  const { t } = useTranslation('console')
  const can = useCan()
  const { done } = useNotice()
  const workspace = useWorkspace()
  const change = useChangeWorkspace()
  if (workspace.error) return <ProblemNote problem={workspace.error} />
  if (!workspace.data) return <Spin />
  const mayWrite = can(permissions.settingsWrite)
  return (
    <Panel style={{ maxWidth: 640 }}>
      <Form<WorkspaceChange> layout="vertical" disabled={!mayWrite} initialValues={workspace.data} onFinish={(values) => change.mutate(values, { onSuccess: () => done(t('saved')) })}>
        <Form.Item label={t('settings.slug')}><Input disabled value={workspace.data.slug} /></Form.Item>
        <Form.Item name="name" label={t('settings.name')} rules={[{ required: true }]}><Input /></Form.Item>
        <Form.Item name="time_zone" label={t('settings.zone')} extra={t('settings.zoneHint')}><Select showSearch options={timeZones().map((value) => ({ value, label: value }))} /></Form.Item>
        <Form.Item name="currency" label={t('settings.currency')}><Select showSearch options={currencies.map((value) => ({ value, label: value }))} /></Form.Item>
        <Form.Item name="locale" label={t('settings.locale')}><Select options={[{ value: 'zh-CN', label: '简体中文' }, { value: 'en', label: 'English' }]} /></Form.Item>
        <ProblemNote problem={change.error} />
        {mayWrite && <Button type="primary" htmlType="submit" loading={change.isPending}>{t('save')}</Button>}
      </Form>
    </Panel>
  )
}

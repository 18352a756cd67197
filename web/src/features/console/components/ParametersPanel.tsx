import { Button, Form, Input, InputNumber, Select, Spin, Switch } from 'antd'
import { useTranslation } from 'react-i18next'

import { useNotice } from '@/design/notice'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { permissions } from '@/lib/permissions'
import { useCan } from '@/lib/session'
import { bilingual } from '@/lib/text'

import { changed, formValue, type Values } from '../parameters'
import { useChangeSettings, useSettings } from '../queries'
import type { Setting, SettingsOfDomain } from '../types'

/** What a brand may tune of every domain, with the default beside each value. */
export function ParametersPanel() {
  const settings = useSettings()
  if (settings.error) return <ProblemNote problem={settings.error} />
  if (!settings.data) return <Spin />
  return <div className="stack" style={{ maxWidth: 760 }}>{settings.data.map((each) => <Domain key={each.group} domain={each} />)}</div>
}

function Domain({ domain }: { domain: SettingsOfDomain }) {
  const { t, i18n } = useTranslation('console')
  const { done } = useNotice()
  const mayWrite = useCan()(permissions.settingsWrite)
  const change = useChangeSettings(domain.group)
  const [form] = Form.useForm<Values>()
  const initial = Object.fromEntries(domain.settings.map((each) => [each.name, formValue(each)]))
  const save = (values: Values) => {
    const changes = changed(domain.settings, values)
    if (Object.keys(changes).length) change.mutate(changes, { onSuccess: () => done(t('saved')) })
  }
  return (
    <Panel title={bilingual(domain, i18n.language)}>
      <Form<Values> form={form} layout="vertical" disabled={!mayWrite} initialValues={initial} onFinish={save} requiredMark={false}>
        {domain.settings.map((each) => (
          <Form.Item key={each.name} name={each.name} label={bilingual(each, i18n.language)} valuePropName={each.kind === 'switch' ? 'checked' : 'value'} extra={<Standard setting={each} />}>
            {field(each)}
          </Form.Item>
        ))}
        <ProblemNote problem={change.error} />
        {mayWrite && <Button htmlType="submit" loading={change.isPending}>{t('save')}</Button>}
      </Form>
    </Panel>
  )
}

function Standard({ setting }: { setting: Setting }) {
  const { t } = useTranslation('console')
  const bounds = setting.least !== null && setting.most !== null ? t('settings.bounds', { least: setting.least, most: setting.most }) : ''
  const standard = typeof setting.default === 'boolean' ? t(setting.default ? 'settings.on' : 'settings.off') : typeof setting.default === 'object' ? '' : String(setting.default)
  const words = [standard && t('settings.standard', { value: standard }), bounds].filter(Boolean).join(' · ')
  return words ? <small>{words}</small> : null
}

function field(setting: Setting) {
  const bounds = { min: setting.least ?? undefined, max: setting.most ?? undefined }
  switch (setting.kind) {
    case 'switch': return <Switch />
    case 'whole': return <InputNumber {...bounds} precision={0} style={{ width: 200 }} />
    case 'number': return <InputNumber {...bounds} step={0.01} style={{ width: 200 }} />
    case 'texts': return <Select mode="tags" tokenSeparators={[',', '，']} />
    case 'whole_by_name': return <Select mode="tags" tokenSeparators={[',', '，']} placeholder="phone=3" />
    default: return <Input style={{ maxWidth: 320 }} />
  }
}

import { DatePicker, Form, Input, Radio } from 'antd'
import type { Dayjs } from 'dayjs'
import { useTranslation } from 'react-i18next'

import { FormDrawer } from '@/design/FormDrawer'

import { useAddKey } from '../keys'
import { usePermissionTexts } from '../queries'
import type { KeyIn, NewKey } from '../types'
import { PermissionChecks } from './PermissionChecks'

type Values = { name: string; kind: KeyIn['kind']; permissions?: string[]; expires?: Dayjs }

export function KeyDrawer({ onClose, onMade }: { onClose: () => void; onMade: (key: NewKey) => void }) {
  const { t } = useTranslation('access')
  const [form] = Form.useForm<Values>()
  const kind = Form.useWatch('kind', form) ?? 'write'
  const texts = usePermissionTexts()
  const add = useAddKey()
  const save = ({ name, kind: chosen, permissions = [], expires }: Values) =>
    add.mutate({ name, kind: chosen, permissions: chosen === 'api' ? permissions : [], expires_at: expires?.endOf('day').toISOString() }, { onSuccess: onMade })
  return (
    <FormDrawer<Values> open width={600} title={t('keys.add')} form={form} initial={{ kind: 'write' }} saving={add.isPending} problem={add.error} submit={t('keys.make')} onClose={onClose} onSave={save}>
      <Form.Item name="name" label={t('keys.name')} rules={[{ required: true }]} extra={t('keys.nameHint')}><Input autoFocus /></Form.Item>
      <Form.Item name="kind" label={t('keys.kind')}>
        <Radio.Group>
          <div className="stack-small">
            <Radio value="write">{t('keys.kinds.write')}<div className="soft">{t('keys.writeHint')}</div></Radio>
            <Radio value="api">{t('keys.kinds.api')}<div className="soft">{t('keys.apiHint')}</div></Radio>
          </div>
        </Radio.Group>
      </Form.Item>
      <Form.Item name="expires" label={t('keys.expires')} extra={t('keys.expiresHint')}><DatePicker style={{ width: '100%' }} /></Form.Item>
      {kind === 'api' && (
        <Form.Item name="permissions" label={t('roles.permissions')} rules={[{ required: true }]}><PermissionChecks texts={texts.data ?? []} /></Form.Item>
      )}
    </FormDrawer>
  )
}

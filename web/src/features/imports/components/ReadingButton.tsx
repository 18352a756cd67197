import { SettingOutlined } from '@ant-design/icons'
import { Badge, Button, Form, Input, Popover } from 'antd'
import { useTranslation } from 'react-i18next'

import { textOf, valuesFrom } from '../mapping'
import type { FieldText, Taken } from '../types'

type Props = { field: FieldText; taken: Taken | undefined; onChange: (patch: Partial<Taken>) => void }

/** How a field is read: a constant instead of a column, the format of its times, its values in our words. */
export function ReadingButton({ field, taken, onChange }: Props) {
  const { t } = useTranslation('imports')
  const isTime = field.type === 'time'
  const isSet = Boolean(taken?.constant) || Object.keys(taken?.values ?? {}).length > 0 || (taken?.time_format ?? 'auto') !== 'auto'
  const content = (
    <Form layout="vertical" style={{ width: 280 }}>
      <Form.Item label={t('reading.constant')} extra={t('reading.constantHint')}>
        <Input defaultValue={taken?.constant ?? ''} onBlur={(event) => onChange({ constant: event.target.value || null })} />
      </Form.Item>
      {isTime && (
        <Form.Item label={t('reading.time')} extra={t('reading.timeHint')}>
          <Input defaultValue={taken?.time_format ?? 'auto'} onBlur={(event) => onChange({ time_format: event.target.value || 'auto' })} />
        </Form.Item>
      )}
      {!isTime && (
        <Form.Item label={t('reading.values')} extra={t('reading.valuesHint')}>
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} defaultValue={textOf(taken?.values)} onBlur={(event) => onChange({ values: valuesFrom(event.target.value) })} />
        </Form.Item>
      )}
    </Form>
  )
  return (
    <Popover trigger="click" title={t('reading.title')} content={content} destroyOnHidden>
      <Badge dot={isSet}><Button type="text" size="small" icon={<SettingOutlined />} aria-label={t('reading.title')} /></Badge>
    </Popover>
  )
}

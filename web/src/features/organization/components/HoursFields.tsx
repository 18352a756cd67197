import { Button, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'

import { days, spansFrom } from '../hours'

/** One line of text per day: quicker to type and to read than fourteen time pickers. */
export function HoursFields() {
  const { t } = useTranslation('organization')
  const form = Form.useFormInstance()
  const spread = () => {
    const first = form.getFieldValue(['hours', 'mon']) as string | undefined
    form.setFieldsValue({ hours: Object.fromEntries(days.map((day) => [day, first])) })
  }
  return (
    <Form.Item label={t('unit.hours')} extra={t('hours.hint')}>
      <div className="stack-small">
        {days.map((day) => (
          <div key={day} className="row" style={{ flexWrap: 'nowrap', alignItems: 'baseline' }}>
            <span className="soft" style={{ width: 48, flex: 'none' }}>{t(`hours.${day}`)}</span>
            <Form.Item noStyle name={['hours', day]} rules={[{ validator: (_, text?: string) => (spansFrom(text ?? '') ? Promise.resolve() : Promise.reject(new Error(t('hours.bad')))) }]}>
              <Input placeholder={t('hours.shut')} aria-label={t(`hours.${day}`)} />
            </Form.Item>
            {day === 'mon' && <Button size="small" type="link" onClick={spread}>{t('hours.spread')}</Button>}
          </div>
        ))}
      </div>
    </Form.Item>
  )
}

import { Form, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { optionsOf } from '../options'

type Props = { kind: string; format: string }

/** What an account of a vendor, a mail server or an ad platform needs beside its secret. */
export function OptionFields({ kind, format }: Props) {
  const { t } = useTranslation('channels')
  return optionsOf(kind, format).map(({ name, choices, isRequired, pattern, example }) => (
    <Form.Item key={name} name={['options', name]} label={t(`connect.options.${name}`)} extra={t(`connect.optionHints.${name}`, { defaultValue: '' }) || undefined}
      rules={[{ required: isRequired || choices !== undefined, whitespace: true }, ...(pattern ? [{ pattern, message: t('connect.optionBad') }] : [])]}>
      {choices
        ? <Select options={choices.map((value) => ({ value, label: t(`connect.choices.${name}.${value}`) }))} />
        : <Input autoComplete="off" placeholder={example} />}
    </Form.Item>
  ))
}

import { Button, Dropdown, Form, Input } from 'antd'
import type { TextAreaRef } from 'antd/es/input/TextArea'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'

import { bytesOf, textBytes } from '../model'
import { useVariables } from '../queries'
import styles from './content.module.css'

type Props = { label: string; value: string; onChange: (text: string) => void; rows?: number; limit?: boolean; hint?: string }

/** How many variables stand as buttons under a text; the rest are one click further. */
const shown = ['member.name', 'staff.name', 'store.name', 'brand.name', 'member.last_product']

/** A text with the variables that can be put into it. */
export function VariableText({ label, value, onChange, rows = 3, limit, hint }: Props) {
  const { t, i18n } = useTranslation('content')
  const variables = useVariables().data ?? []
  const area = useRef<TextAreaRef>(null)
  const zh = i18n.language.startsWith('zh')
  const size = bytesOf(value)
  const insert = (path: string) => {
    const [group, kind, ...rest] = path.split('.')
    const name = rest.length && /[^\w]/.test(rest.join('.')) ? `${group}.${kind}['${rest.join('.')}']` : path
    const box = area.current?.resizableTextArea?.textArea
    const at = box?.selectionStart ?? value.length
    onChange(`${value.slice(0, at)}{{ ${name} }}${value.slice(box?.selectionEnd ?? at)}`)
    box?.focus()
  }
  const others = variables.filter((one) => !shown.includes(one.path))
  return (
    <Form.Item label={label} extra={limit ? <span className={size > textBytes ? styles.over : undefined}>{t('edit.bytes', { size, limit: textBytes })}</span> : hint}>
      <Input.TextArea ref={area} aria-label={label} value={value} autoSize={{ minRows: rows, maxRows: 16 }} onChange={(event) => onChange(event.target.value)} />
      <div className={styles.chips}>
        {shown.map((path) => variables.find((one) => one.path === path)).map((one) => one && (
          <Button key={one.path} size="small" title={`{{ ${one.path} }}`} onClick={() => insert(one.path)}>{zh ? one.zh : one.en}</Button>
        ))}
        {others.length > 0 && (
          <Dropdown trigger={['click']} menu={{ style: { maxHeight: 320, overflowY: 'auto' }, items: others.map((one) => ({ key: one.path, label: <span>{zh ? one.zh : one.en} <small className="soft">{one.path}</small></span> })), onClick: ({ key }) => insert(key) }}>
            <Button size="small" type="dashed">{t('edit.moreVariables')}</Button>
          </Dropdown>
        )}
      </div>
    </Form.Item>
  )
}

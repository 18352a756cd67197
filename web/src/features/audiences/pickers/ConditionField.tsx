import { Input, Space } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ProblemNote } from '@/design/ProblemNote'

import type { Definition } from '../builder/tree'
import { askText, useParse } from '../queries'
import { OneAudience } from './OneAudience'

type Props = { value?: Definition; onChange: (definition: Definition) => void; label: string }

/** A condition on members: an audience that is there, or words of the audience language; what cannot be read is said at once. */
export function ConditionField({ value, onChange, label }: Props) {
  const { t } = useTranslation('audiences')
  const parse = useParse()
  const [words, setWords] = useState('')
  const audience = value && 'audience' in value ? String(value.audience) : undefined
  const key = JSON.stringify(value ?? null)
  useEffect(() => {
    const abort = new AbortController()
    const definition = JSON.parse(key) as Definition | null
    if (definition) askText(definition, abort.signal).then((found) => setWords(found.text), () => undefined)
    return () => abort.abort()
  }, [key])
  const read = () => {
    if (words.trim()) parse.mutate(words, { onSuccess: (found) => onChange(found.definition) })
  }
  return (
    <Space orientation="vertical" style={{ width: '100%' }}>
      <OneAudience value={audience} onChange={(id) => id && onChange({ audience: id } as Definition)} />
      <Input.TextArea autoSize aria-label={label} value={words} placeholder={t('picker.formula')} onChange={(event) => setWords(event.target.value)} onBlur={read} />
      <ProblemNote problem={parse.error ?? undefined} />
    </Space>
  )
}

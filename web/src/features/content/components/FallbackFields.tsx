import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'

import { variablesIn } from '../model'
import { useVariables } from '../queries'
import type { Draft } from '../types'

/** What stands in for each variable of a draft that is not known of everybody. */
export function FallbackFields({ draft, onChange }: { draft: Draft; onChange: (fallbacks: Record<string, string>) => void }) {
  const { t, i18n } = useTranslation('content')
  const known = useVariables().data ?? []
  const uncertain = variablesIn(draft).flatMap((path) => known.filter((one) => one.path === path && !one.is_always_known))
  if (uncertain.length === 0) return <p className="soft" style={{ margin: 0 }}>{t('fallback.none')}</p>
  const given = (draft.fallbacks ?? {}) as Record<string, string>
  return (
    <div className="two">
      {uncertain.map((one) => (
        <Form.Item key={one.path} label={i18n.language.startsWith('zh') ? one.zh : one.en} style={{ marginBottom: 0 }}>
          <Input value={given[one.path]} maxLength={100} placeholder={t('fallback.placeholder')} onChange={(event) => onChange({ ...given, [one.path]: event.target.value })} />
        </Form.Item>
      ))}
    </div>
  )
}

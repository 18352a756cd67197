import { useTranslation } from 'react-i18next'

import { useFormat } from '@/lib/session'

/** Who came in and who went out. */
export function Delta({ entered, left }: { entered: number | undefined; left: number | undefined }) {
  const { t } = useTranslation('audiences')
  const { count } = useFormat()
  if (entered === undefined || left === undefined) return <span className="faint">–</span>
  if (!entered && !left) return <span className="faint">{t('unchanged')}</span>
  return <span className="num" aria-label={t('delta', { entered, left })}>{entered > 0 && <span style={{ color: 'var(--ws-color-primary)' }}>+{count(entered)}</span>}{entered > 0 && left > 0 && ' '}{left > 0 && <span style={{ color: 'var(--ws-color-bad)' }}>−{count(left)}</span>}</span>
}

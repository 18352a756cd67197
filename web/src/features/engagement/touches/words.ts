import { useTranslation } from 'react-i18next'

import { named } from '@/lib/words'

const CODE = /^errcode:(-?\d+)$/

/** Why somebody got no message, in words; a platform's code that has none keeps its number. */
export function useReasonWords() {
  const { t } = useTranslation('touches')
  return (reason: string) => {
    const said = named(t, 'reasons', reason)
    const code = said === reason ? CODE.exec(reason)?.[1] : undefined
    if (!code) return said
    // Three digits are the answer of a gateway over HTTP; WeChat's own codes are longer.
    return t(code.length === 3 ? 'httpCode' : 'platformCode', { code })
  }
}

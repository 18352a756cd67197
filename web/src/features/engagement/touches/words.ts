import { useTranslation } from 'react-i18next'

import { named } from '@/lib/words'

/** Codes that are somebody else's: their number or name stands in words that say whose it is. */
const CODES: [RegExp, string][] = [
  // Three digits are the answer of a gateway over HTTP; WeChat's own codes are longer.
  [/^errcode:(\d{3})$/, 'httpCode'],
  [/^errcode:(-?\d+)$/, 'platformCode'],
  [/^smtp:(.+)$/, 'smtpCode'],
  [/^sms:(.+)$/, 'smsCode'],
  [/^status:(.+)$/, 'statusCode'],
  [/^([A-Za-z]+(?:Error|Timeout|Disconnected|Exception)|gaierror|timeout)$/, 'noAnswer'],
]

/** Why somebody got no message, in words; a platform's code that has none keeps its number. */
export function useReasonWords() {
  const { t } = useTranslation('touches')
  return (reason: string) => {
    const said = named(t, 'reasons', reason)
    if (said !== reason) return said
    for (const [shape, words] of CODES) {
      const code = shape.exec(reason)?.[1]
      if (code) return t(words, { code })
    }
    return said
  }
}

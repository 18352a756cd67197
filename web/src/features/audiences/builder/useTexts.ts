import { useTranslation } from 'react-i18next'

import { named } from '@/lib/words'

/** Words for closed lists of the language: channels, purposes, kinds of attributes. */
export function useTexts() {
  const { t } = useTranslation('audiences')
  const channel = (name: string) => named(t, 'channels', name)
  const attribute = (name: string) => named(t, 'attributes', name)
  /** `marketing.sms` is told as "marketing · SMS". */
  const consent = (name: string) => {
    const [purpose = '', ...rest] = name.split('.')
    return [named(t, 'purposes', purpose), ...(rest.length ? [channel(rest.join('.'))] : [])].join(' · ')
  }
  return { channel, attribute, consent }
}

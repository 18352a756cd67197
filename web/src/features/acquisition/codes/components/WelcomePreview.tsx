import { useDeferredValue } from 'react'
import { useTranslation } from 'react-i18next'

import { Problem } from '@/api/problem'
import { PhonePreview, type PhoneMessage } from '@/design/PhonePreview'
import { bilingual } from '@/lib/text'

import { usePreview, useWelcomeFields } from '../queries'
import type { Part, Variant } from '../types'

/** What a customer sees of a welcome, filled in with an example. */
export function WelcomePreview({ variant }: { variant?: Variant }) {
  const { t, i18n } = useTranslation('codes')
  const fields = useWelcomeFields()
  const preview = usePreview(useDeferredValue(variant))
  const staff = fields.data?.fields.find((field) => field.name === 'staff.name')?.example ?? ''
  const attached = (part: Part): PhoneMessage => {
    const picture = part.file_id ? `/api/acquisition/pictures/${part.file_id}` : part.picture_url || undefined
    if (part.kind === 'image') return { kind: 'image', picture }
    if (part.kind === 'link') return { kind: 'link', title: part.title || t('part.title'), description: part.description || part.url, picture }
    if (part.kind === 'miniprogram') return { kind: 'miniprogram', title: part.title || t('part.title'), picture, name: part.appid || t('parts.miniprogram') }
    return { kind: 'coupon', title: fields.data?.coupons.find((coupon) => coupon.id === part.offer_id)?.name ?? t('parts.coupon'), note: t('part.couponNote') }
  }
  const text = variant?.text?.trim() ? preview.data?.text ?? variant.text : ''
  const messages: PhoneMessage[] = [...(text ? [{ kind: 'text', text } as const] : []), ...(variant?.parts ?? []).map(attached)]
  const problem = preview.error ? Problem.from(preview.error) : undefined
  const told = problem && bilingual({ zh: problem.zh, en: problem.en }, i18n.language)
  return <PhonePreview title={staff || t('preview')} messages={messages} empty={t('welcome.none')} label={t('preview')} note={told ?? t('previewNote')} />
}

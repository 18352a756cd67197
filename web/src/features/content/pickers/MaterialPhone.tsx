import { useTranslation } from 'react-i18next'

import { PhonePreview } from '@/design/PhonePreview'
import { useFormat } from '@/lib/session'

import { usePosterPicture, usePreview } from '../queries'
import type { Draft, MaterialKind } from '../types'
import { messagesOf } from '../words'

type Props = { draft?: Draft; kind?: MaterialKind; memberId?: string; staffId?: string; personaId?: string; title?: string; note?: string }

/** What a customer will see of a draft, in a chat of a phone. */
export function DraftPhone({ draft, kind, memberId, staffId, personaId, title, note: foot }: Props) {
  const { t } = useTranslation('content')
  const { list } = useFormat()
  const asked = draft && kind ? { kind, draft, member_id: memberId, staff_id: staffId, persona_id: personaId } : undefined
  const preview = usePreview(asked)
  const poster = usePosterPicture(asked)
  const told = { link: t('kinds.link'), mini: t('kinds.mini'), file: t('kinds.file'), video: t('kinds.video') }
  const note = preview.data?.missing.length ? t('preview.missing', { names: list(preview.data.missing) }) : foot ?? t('preview.example')
  return <PhonePreview title={title ?? t('preview.sender')} messages={messagesOf(preview.data?.body, told, draft?.poster ? poster.data : undefined)} empty={t('preview.empty')} label={t('preview.title')} note={note} />
}

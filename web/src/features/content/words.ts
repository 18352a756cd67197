import type { PhoneMessage } from '@/design/PhonePreview'

import { fileAddress } from './model'
import type { Attachment, Body } from './types'

type Told = { link: string; mini: string; file: string; video: string }

function attached(part: Attachment, told: Told): PhoneMessage {
  const cover = part.cover_file_id ? fileAddress(part.cover_file_id) : undefined
  if (part.kind === 'image') return { kind: 'image', picture: part.file_id ? fileAddress(part.file_id) : undefined }
  if (part.kind === 'mini') return { kind: 'miniprogram', title: part.title || told.mini, picture: cover, name: part.app_id || told.mini }
  if (part.kind === 'link') return { kind: 'link', title: part.title || told.link, description: part.text || part.url, picture: cover }
  const name = part.kind === 'video' ? told.video : told.file
  return { kind: 'link', title: part.title || name, description: name, picture: cover }
}

/** A body as the messages of a chat, in the order in which they are read. */
export function messagesOf(body: Body | undefined, told: Told, poster?: string): PhoneMessage[] {
  const text = body?.text?.trim() || body?.subject
  return [
    ...(text ? [{ kind: 'text', text } as const] : []),
    ...(poster ? [{ kind: 'image', picture: poster } as const] : []),
    ...(body?.attachments ?? []).map((part) => attached(part, told)),
  ]
}

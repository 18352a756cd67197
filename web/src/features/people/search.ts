/** What a person types in the search box, as the server wants it. */
export const identityKinds = ['user_id', 'unionid', 'phone', 'card_no', 'external_userid', 'openid', 'buyer_id', 'email', 'device', 'anonymous_id'] as const
export type IdentityKind = (typeof identityKinds)[number]

export type Search = { identity?: string; q?: string }

/** A kind chosen by hand wins; otherwise phones and e-mail addresses are recognised, and the rest is free text. */
export function searchOf(words: string, kind: string | undefined): Search {
  const text = words.trim()
  if (!text) return {}
  if (kind) return { identity: `${kind}:${text}` }
  const digits = text.replaceAll(/[\s-]/g, '')
  if (/^(\+?86)?1[3-9]\d{9}$/.test(digits) || /^\+\d{7,15}$/.test(digits)) return { identity: `phone:${digits}` }
  if (/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text)) return { identity: `email:${text}` }
  return { q: text }
}

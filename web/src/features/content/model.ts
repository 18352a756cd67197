import { colours } from '@/design/tokens'

import type { Article, Attachment, Block, Body, Draft, Material, MaterialKind, PartKind, PersonaKind, Poster, Shelf, Dimension } from './types'

export const kinds: MaterialKind[] = ['text', 'image', 'link', 'mini', 'poster', 'article', 'video', 'file']
export const dimensions: Dimension[] = ['pain', 'product', 'scene', 'stage', 'other']
export const personaKinds: PersonaKind[] = ['brand', 'employee', 'expert', 'founder']
export const partKinds: PartKind[] = ['image', 'link', 'mini', 'video', 'file']
export const paths: Record<Shelf, string> = { library: '/materials', scripts: '/scripts' }
/** What WeCom takes of one message's text, in bytes. */
export const textBytes = 4000
export const attachmentsMax = 9

const needed: Partial<Record<MaterialKind, PartKind>> = { image: 'image', link: 'link', mini: 'mini', video: 'video', file: 'file' }

export const fileAddress = (id: string) => `/api/content/files/${id}`

export function blankPart(kind: PartKind): Attachment {
  return { kind, title: '', text: '', url: '', file_id: '', app_id: '', path: '', cover_file_id: '' }
}

export const blankBody = (): Body => ({ text: '', attachments: [], subject: '', html: '', template_id: '', fields: [] })
export const blankArticle = (): Article => ({ title: '', summary: '', cover_file_id: '', text: '' })

export function blankBlock(kind: Block['kind'], place: number): Block {
  const y = 120 + place * 140
  const same = { kind, x: 100, y, width: 800, height: 0, text: '', url: '', file_id: '', size: 56, color: colours.ink, is_bold: false, is_centred: true }
  if (kind === 'code') return { ...same, x: 350, y: 1200, width: 300 }
  return kind === 'picture' ? { ...same, height: 400 } : same
}

export const blankPoster = (): Poster => ({ width: 750, height: 1334, paper: colours.paper, background_file_id: '', blocks: [{ ...blankBlock('text', 0), size: 80, is_bold: true }, blankBlock('code', 1)] })

/** A draft of a kind, with what the kind needs in its place. */
export function blankDraft(kind: MaterialKind): Draft {
  const part = needed[kind]
  return {
    body: { ...blankBody(), attachments: part ? [blankPart(part)] : [] },
    poster: kind === 'poster' ? blankPoster() : null,
    article: kind === 'article' ? blankArticle() : null,
    fallbacks: {},
  }
}

export const bytesOf = (text: string) => new TextEncoder().encode(text).length

/** The list with one of its places taken by another. */
export const placed = <T>(list: T[], place: number, value: T): T[] => list.map((each, index) => (index === place ? value : each))
export const without = <T>(list: T[], place: number): T[] => list.filter((_, index) => index !== place)

/** Every text of a draft in which a variable may stand. */
export function textsOf(draft: Draft): string[] {
  const body = draft.body ?? blankBody()
  const parts = (body.attachments ?? []).flatMap((part) => [part.title, part.text, part.url, part.path])
  const blocks = (draft.poster?.blocks ?? []).flatMap((block) => [block.text, block.url])
  return [body.text, body.subject, body.html, draft.article?.title, draft.article?.summary, ...parts, ...blocks].filter((text): text is string => Boolean(text))
}

/** The variables that a draft names, each once, in order; names in other letters stand in brackets. */
export function variablesIn(draft: Draft): string[] {
  const found = new Set<string>()
  for (const text of textsOf(draft)) {
    for (const [, inside] of text.matchAll(/\{[{%]-?(.*?)-?[%}]\}/gs)) {
      for (const [path] of (inside ?? '').replace(/(["']).*?\1/g, ' ').matchAll(/[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)+/gu)) found.add(path)
    }
  }
  return [...found]
}

/** What can be done next with a material. */
export function nextStep(material: Material): 'submit' | 'decide' | 'none' {
  if (material.state === 'retired' || material.latest_state === 'approved') return 'none'
  return material.latest_state === 'waiting' ? 'decide' : 'submit'
}

export const rate = (part: number, whole: number) => (whole ? part / whole : null)

import { printPalettes } from '@/design/tokens'

import type { DesignBody, Funnel, Look } from './types'

export const kinds = ['parcel_card', 'poster', 'receipt', 'live'] as const
export const hooks = ['cash', 'coupon', 'sample', 'service', 'none'] as const
export const sizes = ['card', 'tall', 'a6', 'receipt', 'a4', 'screen'] as const
export const sheets = ['a4', 'a3', 'sra3', 'single'] as const
export const metrics = ['added', 'scanned', 'kept', 'bought'] as const

/** A design to begin with. */
export function freshDesign(brand: string, words: Pick<Look, 'headline' | 'subline' | 'offer' | 'footnote' | 'steps'>): DesignBody {
  const [color, paper, ink] = printPalettes[0]
  return { name: '', kind: 'parcel_card', hook: 'cash', gift_cost_minor: 0, note: '', look: { size: 'card', brand, ...words, color, paper, ink, is_code_left: false } }
}

export type Step = { name: string; count: number; ofFirst: number | null; ofPrevious: number | null }

/** The funnel as steps; the parts that time has not decided yet are left out. */
export function steps(funnel: Funnel): Step[] {
  const counted: [string, number][] = [['shipped', funnel.shipped], ['scanned', funnel.scanned], ['added', funnel.added]]
  for (const kept of funnel.kept) counted.push([`kept${kept.days}`, kept.kept])
  counted.push(['bought', funnel.bought])
  return counted.map(([name, count], place) => {
    const before = counted[place - 1]
    // Who stayed and who bought are both out of those who were added.
    const base = place > 3 ? counted[2] : before
    return { name, count, ofFirst: funnel.shipped ? count / funnel.shipped : null, ofPrevious: base && base[1] ? count / base[1] : null }
  })
}

/** The part of those who came long enough ago that was still there. */
export const keptShare = (kept: Funnel['kept'][number]): number | null => (kept.mature ? kept.kept / kept.mature : null)

export const rate = (count: number, of: number): number | null => (of ? count / of : null)

/** Major units as a person types them, as minor units. */
export const toMinor = (major: number | null | undefined): number => Math.round((major ?? 0) * 100)
export const toMajor = (minor: number): number => minor / 100

export const gradeColours: Record<string, string> = { weak: 'error', pass: 'warning', good: 'processing', excellent: 'success' }

import type { Leaf } from './leaf'
import type { Definition } from './tree'

export const ORDER = 'Order Completed'

type Template = { definition: Definition; params: { pointers: string[]; is_required: boolean }[] }
type Entry = { name: string; leaf: Leaf }
type Shelf = { name: string; entries: Entry[] }

/** The conditions that can be added, as operators think of them, each with what it starts from. */
export const shelves: Shelf[] = [
  {
    name: 'profile',
    entries: [
      { name: 'tag', leaf: { tag: '' } },
      { name: 'attribute', leaf: { attribute: '', is: '' } },
      { name: 'birthday', leaf: { attribute: 'birthday', anniversary_within_next: '7d' } },
      { name: 'trait', leaf: { trait: '', is: '' } },
    ],
  },
  {
    name: 'behaviour',
    entries: [
      { name: 'did', leaf: { did: '', measure: { count: true }, gte: 1, within: '30d' } },
      { name: 'did_not', leaf: { did: '', measure: { count: true }, is: 0, within: '30d' } },
      { name: 'value', leaf: { did: ORDER, measure: { sum: 'total' }, gte: 1000, within: '365d' } },
      { name: 'last', leaf: { last: ORDER, before: '90d' } },
      { name: 'first', leaf: { first: ORDER, within: '30d' } },
      { name: 'sequence', leaf: { sequence: [{ did: '' }, { did: '', within: '7d' }] } },
      { name: 'top', leaf: { top: { measure: { sum: 'total' }, of: ORDER, within: '365d', percent: 10 } } },
    ],
  },
  {
    name: 'reach',
    entries: [
      { name: 'reachable_on', leaf: { reachable_on: '' } },
      { name: 'consent', leaf: { consent: '' } },
      { name: 'touched', leaf: { touched: { channel: '' }, gte: 3, within: '1d' } },
    ],
  },
  { name: 'service', entries: [{ name: 'served_by', leaf: { served_by: { store: '' } } }] },
  {
    name: 'audiences',
    entries: [
      { name: 'audience', leaf: { audience: '' } },
      { name: 'like', leaf: { like: '', size: 1000 } },
      { name: 'sample', leaf: { sample: { salt: '', percent: [0, 10] } } },
    ],
  },
]

/** A blank condition; samples get a salt of their own, so that two samples are independent. */
export function blank(name: string, salt: string): Leaf {
  const leaf = shelves.flatMap((shelf) => shelf.entries).find((entry) => entry.name === name)?.leaf ?? { tag: '' }
  return 'sample' in leaf ? { sample: { ...(leaf.sample as Leaf), salt } } : structuredClone(leaf)
}

/** The definition of a template; what it has no sensible default for is left to be filled in. */
export function started({ definition, params }: Template): Definition {
  const found = structuredClone(definition)
  for (const pointer of params.filter((param) => param.is_required).flatMap((param) => param.pointers)) {
    const keys = pointer.split('/').slice(1)
    const last = keys.pop()
    let place: unknown = found
    for (const key of keys) place = (place as Record<string, unknown> | undefined)?.[key]
    if (last !== undefined && typeof place === 'object' && place !== null) (place as Record<string, unknown>)[last] = ''
  }
  return found
}

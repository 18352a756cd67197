import type { ComponentType } from 'react'

import { kindOf, type Leaf, type LeafKind } from '../leaf'
import { AttributeLeaf } from './AttributeLeaf'
import { AudienceLeaf } from './AudienceLeaf'
import { DidLeaf } from './DidLeaf'
import { InstantLeaf } from './InstantLeaf'
import { ReachLeaf } from './ReachLeaf'
import { SampleLeaf } from './SampleLeaf'
import { SequenceLeaf } from './SequenceLeaf'
import { ServedLeaf } from './ServedLeaf'
import { TagLeaf } from './TagLeaf'
import { TopLeaf } from './TopLeaf'
import { TraitLeaf } from './TraitLeaf'
import type { LeafProps } from './types'

const editors: Record<LeafKind, ComponentType<LeafProps>> = {
  attribute: AttributeLeaf, tag: TagLeaf, tag_group: TagLeaf, did: DidLeaf, last: InstantLeaf, first: InstantLeaf, sequence: SequenceLeaf, trait: TraitLeaf,
  audience: AudienceLeaf, like: AudienceLeaf, served_by: ServedLeaf, in_group: ServedLeaf, reachable_on: ReachLeaf, consent: ReachLeaf, touched: ReachLeaf,
  sample: SampleLeaf, top: TopLeaf,
}

/** What a condition is edited with. */
export const editorOf = (leaf: Leaf): ComponentType<LeafProps> => editors[kindOf(leaf) ?? 'tag']

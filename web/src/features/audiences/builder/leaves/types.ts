import type { Leaf } from '../leaf'

export type LeafProps = { leaf: Leaf; onChange: (leaf: Leaf) => void }

/** One condition of a definition: which kind it is, its comparison and window, blank ones, and whether it is filled in. */

export type Leaf = Record<string, unknown>

export const ops = [
  'is', 'is_not', 'in', 'not_in', 'gt', 'gte', 'lt', 'lte', 'between', 'exists', 'missing', 'contains', 'starts_with', 'includes',
  'before', 'after', 'within_last', 'within_next', 'anniversary_within_next',
] as const
export type Op = (typeof ops)[number]
export type Comparison = { op: Op; value: unknown }

export const numberOps: Op[] = ['gte', 'lte', 'gt', 'lt', 'is', 'is_not', 'between']
export const textOps: Op[] = ['is', 'is_not', 'in', 'not_in', 'contains', 'starts_with', 'exists', 'missing']
export const instantOps: Op[] = ['within_last', 'within_next', 'before', 'after', 'exists', 'missing']
export const dateOps: Op[] = ['within_last', 'within_next', 'anniversary_within_next', 'before', 'after', 'exists', 'missing']
export const listOps: Op[] = ['includes', 'exists', 'missing']
// Of values that are kept sealed only equality can be told.
export const sealedOps: Op[] = ['is', 'is_not', 'in', 'not_in', 'exists', 'missing']
export const booleanOps: Op[] = ['is', 'is_not', 'exists', 'missing']

export const kinds = [
  'attribute', 'tag', 'tag_group', 'did', 'last', 'first', 'sequence', 'trait', 'audience', 'like', 'served_by', 'in_group',
  'reachable_on', 'consent', 'touched', 'sample', 'top',
] as const
export type LeafKind = (typeof kinds)[number]

export const kindOf = (leaf: Leaf): LeafKind | undefined => kinds.find((kind) => kind in leaf)

export const units = ['m', 'h', 'd'] as const
export type Unit = (typeof units)[number]
export type Duration = { amount: number; unit: Unit }

/** "90d" as a number and a unit; other texts are none. */
export function durationOf(value: unknown): Duration | undefined {
  const found = typeof value === 'string' ? /^(\d{1,12})([dhm])$/.exec(value) : null
  return found ? { amount: Number(found[1]), unit: found[2] as Unit } : undefined
}

export type Window =
  | { kind: 'ever' }
  | { kind: 'rolling'; within: string }
  | { kind: 'calendar'; unit: 'day' | 'week' | 'month' }
  | { kind: 'between'; from: string; to: string }

const areTexts = (value: unknown): value is string[] => Array.isArray(value) && value.length > 0 && value.every((part) => typeof part === 'string')

/** A comparison among the keys; `between` of two texts and `in` of one belong to the window. */
export function comparisonOf(leaf: Leaf, hasWindow = false): Comparison | undefined {
  for (const op of ops) {
    if (!(op in leaf)) continue
    if (hasWindow && ((op === 'between' && areTexts(leaf.between)) || (op === 'in' && typeof leaf.in === 'string'))) continue
    return { op, value: leaf[op] }
  }
  return undefined
}

/** The leaf with another comparison, or with none. */
export function withComparison(leaf: Leaf, comparison: Comparison | undefined, hasWindow = false): Leaf {
  const old = comparisonOf(leaf, hasWindow)
  const rest = Object.fromEntries(Object.entries(leaf).filter(([key]) => key !== old?.op))
  return comparison ? { ...rest, [comparison.op]: comparison.value } : rest
}

export function windowOf(leaf: Leaf): Window {
  const within = leaf.within
  if (typeof within === 'string') {
    const calendar = /^calendar (day|week|month)$/.exec(within)
    return calendar ? { kind: 'calendar', unit: calendar[1] as 'day' } : { kind: 'rolling', within }
  }
  if (areTexts(leaf.between)) return { kind: 'between', from: leaf.between[0] ?? '', to: leaf.between[1] ?? '' }
  return { kind: 'ever' }
}

export const isOfMemberZone = (leaf: Leaf) => leaf.in === 'member'

export function withWindow(leaf: Leaf, window: Window): Leaf {
  const isZoned = window.kind === 'calendar' || measureOf(leaf).kind === 'days'
  const rest = Object.fromEntries(
    Object.entries(leaf).filter(([key, value]) => key !== 'within' && !(key === 'between' && areTexts(value)) && !(key === 'in' && typeof value === 'string' && !isZoned)),
  )
  switch (window.kind) {
    case 'ever': return rest
    case 'rolling': return { ...rest, within: window.within }
    case 'calendar': return { ...rest, within: `calendar ${window.unit}` }
    case 'between': return { ...rest, between: [window.from, window.to] }
  }
}

export const withMemberZone = (leaf: Leaf, isMember: boolean): Leaf => {
  const rest = Object.fromEntries(Object.entries(leaf).filter(([key, value]) => !(key === 'in' && typeof value === 'string')))
  return isMember ? { ...rest, in: 'member' } : rest
}

export const measures = ['count', 'days', 'sum', 'avg', 'min', 'max', 'distinct'] as const
export type Measure = { kind: (typeof measures)[number]; property: string }
export const needsProperty = (kind: Measure['kind']) => kind !== 'count' && kind !== 'days'

export function measureOf(leaf: Leaf): Measure {
  const measure = (leaf.measure ?? {}) as Record<string, unknown>
  const kind = measures.find((each) => each in measure) ?? 'count'
  return { kind, property: typeof measure[kind] === 'string' ? measure[kind] : '' }
}

export function withMeasure(leaf: Leaf, measure: Measure): Leaf {
  const measured = { ...leaf, measure: { [measure.kind]: needsProperty(measure.kind) ? measure.property : true } }
  // A measure of a property says nothing without a comparison.
  const compared = comparisonOf(measured, true) ? measured : { ...measured, gte: 1 }
  return withWindow(compared, windowOf(compared))
}

export type Condition = Record<string, unknown>
export const whereOf = (leaf: Leaf): Condition[] => (Array.isArray(leaf.where) ? (leaf.where as Condition[]) : [])
export function withWhere(leaf: Leaf, where: Condition[]): Leaf {
  const rest = Object.fromEntries(Object.entries(leaf).filter(([key]) => key !== 'where'))
  return where.length ? { ...rest, where } : rest
}

/** What a fresh comparison of an operator starts from; what was typed before is kept where it still fits. */
export function valueFor(op: Op, before: unknown, kind: string): unknown {
  if (op === 'exists' || op === 'missing') return true
  if (op === 'within_last' || op === 'within_next') return durationOf(before) ? before : '30d'
  if (op === 'anniversary_within_next') return durationOf(before)?.unit === 'd' ? before : '7d'
  if (op === 'before' || op === 'after') return typeof before === 'string' && (durationOf(before) || /^\d{4}-/.test(before)) ? before : '30d'
  const one = Array.isArray(before) ? before[0] : before
  const scalar = typeof one === 'boolean' || durationOf(one) ? undefined : one
  if (op === 'in' || op === 'not_in') return Array.isArray(before) ? before : scalar === undefined || scalar === '' ? [] : [scalar]
  if (op === 'between') return Array.isArray(before) && before.length === 2 ? before : typeof scalar === 'number' ? [scalar, scalar] : []
  if (kind === 'number' || ['gt', 'gte', 'lt', 'lte'].includes(op)) return typeof scalar === 'number' ? scalar : null
  if (kind === 'boolean') return typeof one === 'boolean' ? one : true
  return scalar ?? ''
}

const isNumber = (value: unknown) => typeof value === 'number' && Number.isFinite(value)
const isName = (value: unknown) => typeof value === 'string' && value.trim() !== ''

export function isCompared(comparison: Comparison | undefined): boolean {
  if (!comparison) return false
  const { op, value } = comparison
  if (op === 'exists' || op === 'missing') return true
  if (op === 'in' || op === 'not_in') return Array.isArray(value) && value.length > 0
  if (op === 'between') return Array.isArray(value) && value.length === 2 && value.every(isNumber)
  if (['gt', 'gte', 'lt', 'lte'].includes(op)) return isNumber(value)
  // The empty text is a value, yet in a form it stands for "not filled in"; the formula can say it.
  return value !== null && value !== undefined && value !== ''
}

const isWindow = (leaf: Leaf) => {
  const window = windowOf(leaf)
  return window.kind !== 'between' || (window.from !== '' && window.to !== '')
}
const areConditions = (leaf: Leaf) => whereOf(leaf).every((one) => isName(one.property) && isCompared(comparisonOf(one)))
const isMeasured = (leaf: Leaf) => !needsProperty(measureOf(leaf).kind) || isName(measureOf(leaf).property)
const isOptionallyCompared = (leaf: Leaf) => !comparisonOf(leaf, true) || isCompared(comparisonOf(leaf, true))

/** Whether a condition is filled in so far that the server can count it. */
export function isComplete(leaf: Leaf): boolean {
  const kind = kindOf(leaf)
  switch (kind) {
    case undefined: return false
    case 'attribute': case 'trait': return isName(leaf[kind]) && isCompared(comparisonOf(leaf))
    case 'did': return isName(leaf.did) && areConditions(leaf) && isMeasured(leaf) && isWindow(leaf) && isOptionallyCompared(leaf)
    case 'last': case 'first': return isName(leaf[kind]) && areConditions(leaf) && isWindow(leaf) && isOptionallyCompared(leaf)
    case 'sequence': {
      const steps = leaf.sequence as Leaf[]
      return steps.length > 1 && steps.every((step) => isName(step.did ?? step.did_not) && areConditions(step)) && steps.some((step) => 'did' in step)
    }
    case 'served_by': return isName(Object.values((leaf.served_by ?? {}) as object)[0])
    case 'touched': return isName((leaf.touched as Leaf | undefined)?.channel) && isWindow(leaf) && isOptionallyCompared(leaf)
    case 'sample': return isName((leaf.sample as Leaf).salt) && ((leaf.sample as Leaf).percent as unknown[]).every(isNumber)
    case 'top': {
      const top = leaf.top as Leaf
      return isName(top.of) && isNumber(top.percent) && isMeasured(top) && areConditions(top) && isWindow(top)
    }
    case 'like': return isName(leaf.like) && isNumber(leaf.size)
    default: return isName(leaf[kind])
  }
}

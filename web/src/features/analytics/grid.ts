import type { Definition, RfmCell } from './rhythms'

export const scores = [1, 2, 3, 4, 5] as const
export type Score = (typeof scores)[number]

/** One square of the heat map: recency by frequency, of one monetary score or of all. */
export type Square = { recency: number; frequency: number; monetary: number | null; members: number; net_minor: number; segments: string[] }

/** The 25 squares of the heat map, the most recent row first. */
export function squares(cells: RfmCell[], monetary: number | null): Square[][] {
  const chosen = cells.filter((cell) => monetary === null || cell.monetary === monetary)
  return [...scores].reverse().map((recency) =>
    scores.map((frequency) => {
      const own = chosen.filter((cell) => cell.recency === recency && cell.frequency === frequency)
      return {
        recency,
        frequency,
        monetary,
        members: own.reduce((sum, cell) => sum + cell.members, 0),
        net_minor: own.reduce((sum, cell) => sum + cell.net_minor, 0),
        segments: [...new Set(own.toSorted((one, other) => other.members - one.members).map((cell) => cell.segment))],
      }
    }),
  )
}

/** The audience of a square. */
export function ofSquare(square: Square): Definition {
  if (square.monetary !== null) return { trait: 'rfm.cell', is: `${square.recency}-${square.frequency}-${square.monetary}` }
  return { all: [{ trait: 'rfm.recency', is: square.recency }, { trait: 'rfm.frequency', is: square.frequency }] }
}

/** How strong a square is painted, 0 to 1: by the root, so that one full square does not make all others pale. */
export function strength(value: number, most: number): number {
  return most > 0 && value > 0 ? Math.sqrt(value / most) : 0
}

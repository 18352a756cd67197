import dayjs, { type Dayjs } from 'dayjs'

export type Preset = { name: string; value: [Dayjs, Dayjs] }

/** The ranges operators ask for, counted back from a given day (in lab mode that is not today). */
export function presets(now: number): Preset[] {
  const today = dayjs(now)
  return [
    { name: 'last30', value: [today.subtract(29, 'day'), today] },
    { name: 'last90', value: [today.subtract(89, 'day'), today] },
    { name: 'last365', value: [today.subtract(364, 'day'), today] },
    { name: 'thisYear', value: [today.startOf('year'), today] },
  ]
}

/** Every colour and size of the console. Components take them from here or from the antd theme, never as raw values. */
export const colours = {
  well: '#0f6b5f',
  wellDeep: '#0e3b36',
  wellNight: '#0b2d29',
  wellSoft: '#e4f2ee',
  wellLine: '#8fe0cb',
  spring: '#2fa58c',
  amber: '#c98a1b',
  amberSoft: '#fdf4e1',
  clay: '#b5482f',
  claySoft: '#fbeae5',
  sky: '#3d7ea6',
  skySoft: '#e6f0f6',
  plum: '#7c5c8f',
  ink: '#17211f',
  inkSoft: '#4c5a57',
  inkFaint: '#7f8d8a',
  inkGhost: '#c3ccca',
  line: '#e3e9e7',
  lineSoft: '#eef2f1',
  ground: '#f4f7f6',
  paper: '#ffffff',
  onDark: 'rgba(255,255,255,0.86)',
  onDarkSoft: 'rgba(255,255,255,0.56)',
  onDarkFill: 'rgba(255,255,255,0.1)',
} as const

/** Series colours of charts, in the order in which series appear. */
export const series = [colours.well, colours.wellLine, colours.amber, colours.sky, colours.plum, colours.clay] as const

export const sizes = { radius: 8, gap: 16, gapSmall: 8, sidebar: 216, header: 52, page: 1440, phone: 768 } as const

/** Colours of printed cards: main colour, paper, ink. Paper is not the console, so these are not its colours. */
export const printPalettes = [
  ['#c8102e', '#fff8f0', '#2b1d14'],
  ['#0b7a64', '#f3faf7', '#12302a'],
  ['#1f3a5f', '#f5f8fc', '#16243a'],
  ['#8a5a2b', '#fbf6ee', '#33230f'],
  ['#6b3fa0', '#f8f5fc', '#271a3a'],
  ['#1a1a1a', '#ffffff', '#1a1a1a'],
] as const

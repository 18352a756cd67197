import { Tag } from 'antd'
import type { ReactNode } from 'react'

import { colours } from './tokens'

export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'plain' | 'well'

const tones: Record<Tone, { color: string; background: string }> = {
  good: { color: colours.well, background: colours.wellSoft },
  well: { color: colours.well, background: colours.wellSoft },
  busy: { color: colours.sky, background: colours.skySoft },
  warn: { color: colours.amber, background: colours.amberSoft },
  bad: { color: colours.clay, background: colours.claySoft },
  plain: { color: colours.inkSoft, background: colours.lineSoft },
}

/** A short state in a calm colour. */
export function Mark({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  return <Tag variant="filled" style={{ ...tones[tone], marginInlineEnd: 0 }}>{children}</Tag>
}

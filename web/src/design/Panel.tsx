import { Card } from 'antd'
import type { CSSProperties, ReactNode } from 'react'

type Props = { title?: ReactNode; extra?: ReactNode; flush?: boolean; children: ReactNode; style?: CSSProperties; 'data-testid'?: string }

/** A white sheet with an optional title. `flush` lets a table reach its edges. */
export function Panel({ title, extra, flush, children, style, ...rest }: Props) {
  return (
    <Card title={title} extra={extra} variant="borderless" style={style} styles={flush ? { body: { padding: 0 } } : undefined} {...rest}>
      {children}
    </Card>
  )
}

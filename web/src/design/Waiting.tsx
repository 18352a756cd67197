import { Spin } from 'antd'

/** A page or panel that is on its way. */
export function Waiting() {
  return <div style={{ display: 'flex', justifyContent: 'center', padding: '72px 0' }}><Spin /></div>
}

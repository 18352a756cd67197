import { Codes } from '@/features/acquisition/codes/pages/Codes'

export function Component() {
  return <Codes key="channel" kind="channel" />
}

import { EditCode } from '@/features/acquisition/codes/pages/EditCode'

export function Component() {
  return <EditCode key="store" kind="store" />
}

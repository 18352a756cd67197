import { Materials } from '@/features/content/pages/Materials'

export function Component() {
  return <Materials key="scripts" shelf="scripts" />
}

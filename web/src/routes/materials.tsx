import { Materials } from '@/features/content/pages/Materials'

export function Component() {
  return <Materials key="library" shelf="library" />
}

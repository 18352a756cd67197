import { EditMaterial } from '@/features/content/pages/EditMaterial'

export function Component() {
  return <EditMaterial key="scripts" shelf="scripts" />
}

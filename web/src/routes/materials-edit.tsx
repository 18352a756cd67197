import { EditMaterial } from '@/features/content/pages/EditMaterial'

export function Component() {
  return <EditMaterial key="library" shelf="library" />
}

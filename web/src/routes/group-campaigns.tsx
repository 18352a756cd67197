import { Campaigns } from '@/features/engagement/touches/pages/Campaigns'

export function Component() {
  return <Campaigns key="groups" kind="groups" />
}

import { Campaigns } from '@/features/engagement/touches/pages/Campaigns'

export function Component() {
  return <Campaigns key="send" kind="send" />
}

import { EditCampaign } from '@/features/engagement/touches/pages/EditCampaign'

export function Component() {
  return <EditCampaign key="moments" kind="moments" />
}

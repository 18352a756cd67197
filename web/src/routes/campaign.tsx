export { CampaignPage as Component } from '@/features/engagement/touches/pages/CampaignPage'

export { Sops as Component } from '@/features/engagement/journeys/pages/Sops'

export { HoldoutPage as Component } from '@/features/engagement/proof/pages/HoldoutPage'

export { Orders as Component } from '@/features/activity/pages/Orders'

export { Rejected as Component } from '@/features/activity/pages/Rejected'

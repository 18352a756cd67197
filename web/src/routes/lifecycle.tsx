export { LifecyclePage as Component } from '@/features/analytics/pages/LifecyclePage'

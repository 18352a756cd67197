export { Overview as Component } from '@/features/analytics/pages/Overview'

export { OverlapPage as Component } from '@/features/audiences/pages/OverlapPage'

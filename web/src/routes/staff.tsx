export { Staff as Component } from '@/features/organization/pages/Staff'

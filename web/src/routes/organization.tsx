export { Organization as Component } from '@/features/organization/pages/Organization'

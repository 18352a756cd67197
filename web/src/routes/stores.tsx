export { Stores as Component } from '@/features/organization/pages/Stores'

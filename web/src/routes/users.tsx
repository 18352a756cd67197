export { Users as Component } from '@/features/access/pages/Users'

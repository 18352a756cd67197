export { Home as Component } from '@/features/console/pages/Home'

export { Keys as Component } from '@/features/access/pages/Keys'

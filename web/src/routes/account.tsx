export { Account as Component } from '@/features/access/pages/Account'

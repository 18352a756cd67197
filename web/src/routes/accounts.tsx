export { Accounts as Component } from '@/features/channels/pages/Accounts'

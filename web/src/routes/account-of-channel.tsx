export { AccountPage as Component } from '@/features/channels/pages/AccountPage'

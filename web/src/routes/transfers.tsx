export { Transfers as Component } from '@/features/channels/pages/Transfers'

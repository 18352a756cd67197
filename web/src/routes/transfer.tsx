export { TransferPage as Component } from '@/features/channels/pages/TransferPage'

export { Ledger as Component } from '@/features/engagement/touches/pages/Ledger'

export { BatchPage as Component } from '@/features/acquisition/cards/pages/BatchPage'

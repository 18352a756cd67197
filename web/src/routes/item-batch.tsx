export { ItemBatch as Component } from '@/features/acquisition/items/pages/ItemBatch'

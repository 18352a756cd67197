export { ItemCodes as Component } from '@/features/acquisition/items/pages/ItemCodes'

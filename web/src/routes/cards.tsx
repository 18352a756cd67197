export { Cards as Component } from '@/features/acquisition/cards/pages/Cards'

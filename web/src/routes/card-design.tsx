export { EditDesign as Component } from '@/features/acquisition/cards/pages/EditDesign'

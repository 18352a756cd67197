export { Catalogue as Component } from '@/features/activity/pages/Catalogue'

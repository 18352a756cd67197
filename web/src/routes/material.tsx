export { MaterialPage as Component } from '@/features/content/pages/MaterialPage'

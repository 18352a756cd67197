export { ImportPage as Component } from '@/features/imports/pages/ImportPage'

export { NewImport as Component } from '@/features/imports/pages/NewImport'

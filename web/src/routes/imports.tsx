export { Imports as Component } from '@/features/imports/pages/Imports'

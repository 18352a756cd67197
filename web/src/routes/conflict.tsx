export { ConflictPage as Component } from '@/features/people/pages/ConflictPage'

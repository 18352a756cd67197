export { EditAudience as Component } from '@/features/audiences/pages/EditAudience'

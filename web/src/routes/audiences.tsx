export { Audiences as Component } from '@/features/audiences/pages/Audiences'

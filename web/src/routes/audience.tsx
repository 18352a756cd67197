export { AudiencePage as Component } from '@/features/audiences/pages/AudiencePage'

export { Audit as Component } from '@/features/access/pages/Audit'

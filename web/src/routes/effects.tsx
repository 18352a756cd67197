export { Effects as Component } from '@/features/engagement/proof/pages/Effects'

export { Report as Component } from '@/features/acquisition/codes/pages/Report'

export { Rfm as Component } from '@/features/analytics/pages/Rfm'

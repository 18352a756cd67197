export { Experiments as Component } from '@/features/engagement/proof/pages/Experiments'

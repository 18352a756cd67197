export { ExperimentPage as Component } from '@/features/engagement/proof/pages/ExperimentPage'

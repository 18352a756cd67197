export { CodePage as Component } from '@/features/acquisition/codes/pages/CodePage'

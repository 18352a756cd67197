export { Members as Component } from '@/features/people/pages/Members'

export { MemberPage as Component } from '@/features/people/pages/MemberPage'

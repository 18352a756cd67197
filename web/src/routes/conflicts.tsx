export { Conflicts as Component } from '@/features/people/pages/Conflicts'

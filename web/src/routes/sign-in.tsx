export { SignIn as Component } from '@/features/access/pages/SignIn'

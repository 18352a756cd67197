export { Settings as Component } from '@/features/console/pages/Settings'

export { FirstRun as Component } from '@/features/console/pages/FirstRun'

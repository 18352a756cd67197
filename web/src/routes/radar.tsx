export { Radar as Component } from '@/features/content/pages/Radar'

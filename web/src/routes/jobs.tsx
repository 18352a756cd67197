export { Jobs as Component } from '@/features/console/pages/Jobs'

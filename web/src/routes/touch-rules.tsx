export { Rules as Component } from '@/features/engagement/touches/pages/Rules'

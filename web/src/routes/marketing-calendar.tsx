export { CalendarPage as Component } from '@/features/engagement/touches/pages/CalendarPage'

export { JourneyPage as Component } from '@/features/engagement/journeys/pages/JourneyPage'

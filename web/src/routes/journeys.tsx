export { Journeys as Component } from '@/features/engagement/journeys/pages/Journeys'

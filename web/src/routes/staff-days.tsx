export { StaffDays as Component } from '@/features/channels/pages/StaffDays'

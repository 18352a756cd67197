export { Contacts as Component } from '@/features/channels/pages/Contacts'

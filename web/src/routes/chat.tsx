export { ChatPage as Component } from '@/features/channels/pages/ChatPage'

export { Chats as Component } from '@/features/channels/pages/Chats'

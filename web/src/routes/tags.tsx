export { Tags as Component } from '@/features/tags/pages/Tags'

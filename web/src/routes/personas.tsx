export { Personas as Component } from '@/features/content/pages/Personas'

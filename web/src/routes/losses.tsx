export { Losses as Component } from '@/features/acquisition/codes/pages/Losses'

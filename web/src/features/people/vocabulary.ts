import type { ConsentState } from './types'

export const purposes = ['marketing', 'service', 'profiling'] as const
export const channels = ['sms', 'email', 'wecom', 'official_account', 'mini_program', 'phone', 'push', 'ads'] as const
export const consentStates: ConsentState[] = ['subscribed', 'unsubscribed', 'pending', 'never_asked', 'unknown']

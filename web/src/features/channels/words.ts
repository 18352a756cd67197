import type { Tone } from '@/design/Mark'

/** Tones of states, alike on every page of the channels. */
export const relationTones: Record<string, Tone> = { following: 'good', lost: 'bad', deleted: 'warn', transferred: 'plain' }
export const groupTones: Record<string, Tone> = { active: 'good', waiting: 'warn', inheriting: 'busy', inherited: 'plain', dissolved: 'plain' }
export const checkTones: Record<string, Tone> = { ok: 'good', warn: 'warn', bad: 'bad', unknown: 'plain' }
export const callbackTones: Record<string, Tone> = { waiting: 'busy', done: 'good', rejected: 'bad', failed: 'bad' }
export const transferTones: Record<string, Tone> = {
  planned: 'plain', calling: 'busy', started: 'busy', waiting: 'busy', done: 'good', refused: 'bad', full: 'bad', failed: 'bad', unknown: 'warn', skipped: 'plain', none: 'plain',
}

/** The official hosts; any other stands in for one of them. */
const official = ['https://qyapi.weixin.qq.com', 'https://api.weixin.qq.com', 'https://api.mch.weixin.qq.com']

export function isStandIn(host: string): boolean {
  return host !== '' && !official.includes(host.replace(/\/+$/, ''))
}

/** The address that the platform's own form asks for, from the path that the server tells. */
export function callbackAddress(origin: string, path: string): string {
  return /^https?:/.test(path) ? path : `${origin}${path}`
}

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789'

/** A token or key as the platform takes it: letters and digits that nobody can guess. */
export function unguessable(length: number): string {
  const picked = new Uint32Array(length)
  crypto.getRandomValues(picked)
  return Array.from(picked, (number) => letters[number % letters.length]).join('')
}

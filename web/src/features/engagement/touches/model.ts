import type { Tone } from '@/design/Mark'

import type { Campaign, CampaignBody, CampaignKind, CampaignState, Fate, Rhythm, RuleBody, RuleKind } from './types'

export const paths: Record<CampaignKind, string> = { send: '/campaigns', groups: '/group-campaigns', moments: '/moments' }
export const states: CampaignState[] = ['draft', 'scheduled', 'running', 'paused', 'stopped', 'done']
export const stateTones: Record<CampaignState, Tone> = { draft: 'plain', scheduled: 'busy', running: 'busy', paused: 'warn', stopped: 'bad', done: 'good' }
export const fateTones: Record<Fate, Tone> = {
  claimed: 'plain', calling: 'busy', unknown: 'warn', accepted: 'busy', waiting: 'warn', expired: 'bad', sent: 'good', failed: 'bad', delivered: 'good', read: 'good', clicked: 'well', replied: 'well', dropped: 'plain',
}
export const fates = Object.keys(fateTones) as Fate[]
/** Fates that count as "it arrived" in the bar of a campaign, then on the way, then lost. */
export const arrived: Fate[] = ['sent', 'delivered', 'read', 'clicked', 'replied']
export const onTheWay: Fate[] = ['claimed', 'calling', 'accepted', 'waiting', 'unknown']
export const lost: Fate[] = ['failed', 'expired', 'dropped']

export const rhythms: Rhythm[] = ['now', 'once', 'daily', 'weekly', 'monthly', 'calendar']
export const timings = ['workspace', 'local', 'best'] as const
export const passed = ['send', 'next_day', 'skip'] as const
export const senderChoices = ['owner', 'last_contact', 'balanced'] as const
export const ruleKinds: RuleKind[] = ['cap', 'quiet', 'law', 'never']
export const capScopes = ['all', 'channel', 'tag', 'campaign'] as const

/** Which channels a page offers, and which kind of account each needs. */
export const channelsOf: Record<CampaignKind, { channel: string; account: string }[]> = {
  send: [
    { channel: 'wecom', account: 'wecom' }, { channel: 'task', account: 'wecom' }, { channel: 'official_account', account: 'official' }, { channel: 'mini_program', account: 'mini' },
    { channel: 'sms', account: 'sms' }, { channel: 'email', account: 'email' }, { channel: 'webhook', account: 'webhook' }, { channel: 'ads', account: 'ads' },
  ],
  groups: [{ channel: 'wecom_group', account: 'wecom' }],
  moments: [{ channel: 'moments', account: 'wecom' }],
}
/** Channels that nobody notices: no words, no caps, no quiet hours, and never a service. */
export const silent = ['ads']
/** Channels on which a member of staff confirms or sends. */
export const byStaff = ['wecom', 'wecom_group', 'moments', 'task']
export const channels = [...channelsOf.send, ...channelsOf.groups, ...channelsOf.moments].map((one) => one.channel)

export const letterOf = (place: number) => String.fromCharCode(65 + place)

export function freshCampaign(kind: CampaignKind): CampaignBody {
  return {
    kind, name: '', channel: channelsOf[kind][0]?.channel ?? 'wecom', account_id: '', audience_id: '', excluded_ids: [], purpose: 'marketing', tags: [], priority: 0, expires_hours: 24, senders: ['owner', 'last_contact'],
    slots: 0, control_basis_points: kind === 'send' ? 1000 : 0, window_days: 14,
    variants: [{ name: 'A', content_id: '', weight: 1, senders: [], minute: null, worths: [] }],
    schedule: { rhythm: 'now', on: null, minute: 600, weekdays: [], month_days: [], calendar_id: '', until: null, timing: 'workspace', passed: 'send' },
  }
}

/** A kept campaign as the form edits it. */
export const bodyOf = (campaign: Campaign): CampaignBody => ({ ...campaign.draft })

export const sum = (counts: Record<string, number> | undefined, names: readonly string[]) => names.reduce((total, name) => total + (counts?.[name] ?? 0), 0)
export const total = (counts: Record<string, number> | undefined) => Object.values(counts ?? {}).reduce((all, one) => all + one, 0)

export const clock = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
export const minuteOf = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))

export const freshRule = (kind: RuleKind): RuleBody => ({
  kind, name: '', is_on: true, zones: [], audience_id: '',
  cap: kind === 'cap' ? { scope: 'all', name: '', times: 3, is_calendar: true, length: 7, passed_from: null } : null,
  spans: kind === 'quiet' || kind === 'law' ? [{ start: 21 * 60, end: 8 * 60, weekdays: [0, 1, 2, 3, 4, 5, 6] }] : [],
})

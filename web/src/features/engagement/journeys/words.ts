import { useTranslation } from 'react-i18next'

import { named } from '@/lib/words'

import type { EntryRule, GraphNode } from './types'

const text = (value: unknown) => (value === undefined || value === null ? '' : String(value))

/** 3d, 12h, 30m in words. */
export function useLength() {
  const { t } = useTranslation('journeys')
  return (length: unknown) => {
    const found = /^(\d+)([dhm])$/.exec(text(length))
    return found ? t(`length.${found[2]}`, { count: Number(found[1]) }) : text(length)
  }
}

/** What a node or an entry does, in one line. */
export function useSaying() {
  const { t } = useTranslation('journeys')
  const { t: people } = useTranslation('people')
  const length = useLength()
  const event = (name: unknown) => named(people, 'events', text(name))
  const wait = (node: GraphNode) => {
    switch (node.mode) {
      case 'time':
        return t(Number(node.days) ? 'say.timeOn' : 'say.time', { clock: node.clock, count: Number(node.days ?? 0) })
      case 'event':
        return t('say.event', { event: event(node.event), length: length(node.timeout) })
      case 'message':
        return t('say.message', { fates: ((node.fates as string[] | undefined) ?? []).map((fate) => t(`came.${fate}`)).join(' / '), length: length(node.timeout) })
      case 'date':
        return t('say.date', { attribute: node.attribute, days: Number(node.days ?? 0) })
      default:
        return t('say.duration', { length: length(node.for) })
    }
  }
  const say = (node: GraphNode): string => {
    switch (node.kind) {
      case 'wait':
        return wait(node)
      case 'split':
        if (node.mode === 'fate') return t('say.fate', { fates: (node.branches ?? []).map((one) => t(`came.${one.fate ?? ''}`)).join(' / ') })
        return node.mode === 'first' ? t('say.first', { count: node.branches?.length ?? 0 }) : t('say.random', { shares: (node.arms ?? []).map((arm) => arm.weight).join(' : ') })
      case 'send':
      case 'task':
      case 'invite':
        return `${t(`channel.${text(node.channel) || 'task'}`)}${node.content_id || node.channel === 'ads' ? '' : ` · ${t('say.noContent')}`}`
      case 'tag':
        return [...((node.put as string[] | undefined) ?? []), ...((node.lift as string[] | undefined) ?? []).map((tag) => `− ${tag}`)].join('、')
      case 'update':
        return `${text(node.attribute)} = ${text(node.value)}`
      case 'coupon':
        return t('say.coupon', { coupon: text(node.coupon) })
      case 'points':
        return t('say.points', { points: text(node.points) })
      case 'webhook':
        return text(node.url)
      case 'goal':
        return t('say.goal')
      default:
        return text(node.reason) || t('say.exit')
    }
  }
  const entry = ({ trigger, reentry }: EntryRule): string => {
    const names: Record<string, string> = {
      audience: t(trigger.audience ? `entry.who.${text(trigger.who) || 'both'}` : 'entry.noAudience'),
      event: t('entry.onEvent', { event: event(trigger.event) }),
      date: t('entry.onDate', { name: text(trigger.attribute ?? trigger.trait), days: Number(trigger.days ?? 0) }),
      api: t('entry.onCall'),
    }
    return [names[trigger.kind], t(`reentry.${reentry ?? 'never'}`)].filter(Boolean).join(' · ')
  }
  /** A node without a name of its own: its kind, and what tells it from others of its kind. */
  const short = (node: GraphNode) => `${t(`kind.${node.kind}`)} · ${say(node)}`
  return { node: say, short, entry }
}

/** Why somebody went from node to node. */
export function useReason() {
  const { t } = useTranslation('journeys')
  return (reason: string) => {
    const [kind, rest] = reason.split('.', 2)
    if (kind === 'fate') return t('reason.fate_', { name: t(`came.${rest}`) })
    if (rest !== undefined) return t(`reason.${kind}_`, { name: rest })
    return t(`reason.${reason}`, { defaultValue: reason })
  }
}

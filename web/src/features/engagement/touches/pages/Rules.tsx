import { PlusOutlined } from '@ant-design/icons'
import { Alert, App, Button, Dropdown, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { DataTable } from '@/design/DataTable'
import { Empty } from '@/design/Empty'
import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { RowCard } from '@/design/RowCard'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { RuleDrawer } from '../components/RuleDrawer'
import { clock, freshRule, ruleKinds } from '../model'
import { useAudienceChoice, useRemoveRule, useRules, useSaveRule } from '../queries'
import type { Rule, RuleBody, RuleKind } from '../types'

/** The rules of touching: caps, quiet hours, laws, and whom never to touch. */
export function Rules() {
  const { t } = useTranslation('touches')
  const { ago, count, list } = useFormat()
  const { modal } = App.useApp()
  const { done, refused } = useNotice()
  const can = useCan()
  const rules = useRules()
  const remove = useRemoveRule()
  const [open, setOpen] = useState<{ id?: string; body: RuleBody }>()
  const words = useRuleWords()
  const may = can(permissions.ruleWrite)
  const make = may && (
    <Dropdown trigger={['click']} menu={{ items: ruleKinds.map((kind) => ({ key: kind, label: t(`rules.kinds.${kind}`) })), onClick: ({ key }) => setOpen({ body: freshRule(key as RuleKind) }) }}>
      <Button type="primary" icon={<PlusOutlined />}>{t('rules.new')}</Button>
    </Dropdown>
  )
  const suggest = useSaveRule(undefined)
  // One a day and a quiet night: what nobody regrets having turned on.
  const suggested: RuleBody[] = [{ ...freshRule('cap'), name: t('rules.suggestedCap'), cap: { scope: 'all', name: '', times: 1, is_calendar: true, length: 1, passed_from: null } }, { ...freshRule('quiet'), name: t('rules.suggestedQuiet') }]
  const begin = may && (
    <div className="row">
      <Button type="primary" loading={suggest.isPending} onClick={() => void suggested.reduce((before, body) => before.then(() => suggest.mutateAsync(body)), Promise.resolve<unknown>(undefined)).catch(refused)}>{t('rules.suggest')}</Button>
      {make}
    </div>
  )
  const edit = (rule: Rule) => setOpen({ id: rule.id, body: { kind: rule.kind, name: rule.name, cap: rule.cap, spans: rule.spans, zones: rule.zones, audience_id: rule.audience_id, is_on: rule.is_on, version: rule.version } })
  const drop = (rule: Rule) =>
    modal.confirm({ title: t('rules.removeSure', { name: rule.name }), okText: t('remove'), cancelText: t('cancel'), okButtonProps: { danger: true }, onOk: () => remove.mutateAsync(rule.id).then(() => done(t('rules.removed')), refused) })
  const unknown = Object.entries(rules.data?.unknown_zones ?? {})
  return (
    <>
      <PageHead title={t('rules.title')} subtitle={t('rules.subtitle')} actions={make} />
      {unknown.length > 0 && <Alert type="warning" showIcon style={{ marginBlockEnd: 16 }} title={t('rules.unknownZones', { zones: list(unknown.map(([zone, members]) => `${zone} (${count(members)})`)) })} />}
      <Panel flush>
        <DataTable<Rule>
          label={t('rules.title')}
          rows={rules.data?.rows}
          rowKey={(rule) => rule.id}
          problem={rules.error}
          retry={() => void rules.refetch()}
          onOpen={may ? edit : undefined}
          empty={<Empty title={t('rules.empty')} hint={t('rules.emptyHint')} action={begin} />}
          columns={[
            { title: t('rules.kind'), render: (_, rule) => t(`rules.kinds.${rule.kind}`) },
            { title: t('fields.name'), render: (_, rule) => <strong>{rule.name}</strong> },
            { title: t('rules.what'), render: (_, rule) => words(rule) },
            { title: t('rules.on'), render: (_, rule) => <Toggle rule={rule} disabled={!may} /> },
            { title: t('fields.changed'), render: (_, rule) => <span className="num">{ago(rule.changed_at)}</span> },
            { title: '', render: (_, rule) => may && <Button size="small" type="text" danger onClick={(event) => { event.stopPropagation(); drop(rule) }}>{t('remove')}</Button> },
          ]}
          card={(rule) => <RowCard title={rule.name} side={<Toggle rule={rule} disabled={!may} />} lines={[`${t(`rules.kinds.${rule.kind}`)} · ${words(rule)}`]} />}
        />
      </Panel>
      {open && <RuleDrawer key={open.id ?? open.body.kind} id={open.id} first={open.body} onClose={() => setOpen(undefined)} />}
    </>
  )
}

function Toggle({ rule, disabled }: { rule: Rule; disabled: boolean }) {
  const { t } = useTranslation('touches')
  const { refused } = useNotice()
  const save = useSaveRule(rule.id)
  const body = { kind: rule.kind, name: rule.name, cap: rule.cap, spans: rule.spans, zones: rule.zones, audience_id: rule.audience_id, version: rule.version }
  return <Switch size="small" aria-label={t('rules.on')} disabled={disabled} loading={save.isPending} checked={rule.is_on} onClick={(_, event) => event.stopPropagation()} onChange={(is_on) => save.mutate({ ...body, is_on }, { onError: refused })} />
}

function useRuleWords() {
  const { t } = useTranslation('touches')
  const { list } = useFormat()
  const audiences = useAudienceChoice().data?.rows ?? []
  return (rule: Rule) => {
    if (rule.kind === 'never') return audiences.find((one) => one.id === rule.audience_id)?.name ?? t('rules.gone')
    if (rule.cap) {
      const scope = rule.cap.scope === 'all' ? t('rules.scopes.all') : `${t(`rules.scopes.${rule.cap.scope}`)} ${rule.cap.scope === 'channel' ? t(`channels.${rule.cap.name}`, { defaultValue: rule.cap.name }) : rule.cap.name}`
      const isDays = !rule.cap.is_calendar && rule.cap.length % 24 === 0
      const window = t(rule.cap.is_calendar ? 'rules.calendarDays' : isDays ? 'rules.rollingDays' : 'rules.rollingHours', { n: isDays ? rule.cap.length / 24 : rule.cap.length, count: isDays ? rule.cap.length / 24 : rule.cap.length })
      return [t('rules.capWords', { scope, window, times: rule.cap.times }), rule.cap.passed_from !== null && t('rules.passes', { n: rule.cap.passed_from })].filter(Boolean).join(' · ')
    }
    const spans = rule.spans.map((span) => `${clock(span.start)}–${clock(span.end)}${span.weekdays.length === 7 ? '' : ` (${span.weekdays.map((day) => t(`weekdays.${day}`)).join('')})`}`)
    return list([...spans, ...rule.zones])
  }
}

import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'

import { Facts } from '@/design/Facts'
import { Panel } from '@/design/Panel'
import { ChatNames } from '@/features/channels/pickers/ChatNames'
import { StaffNames } from '@/features/organization/pickers/StaffNames'
import { useFormat } from '@/lib/session'

import { daysText, everyDay, isAlways, limits } from '../model'
import type { Code, Shift } from '../types'

/** Who serves the code now and until when, and the whole plan. */
export function DutyTab({ code }: { code: Code }) {
  const { t } = useTranslation('codes')
  const { instant, count } = useFormat()
  const way = code.ways[0]
  const now = way?.now
  if (code.kind === 'group') {
    return (
      <Panel title={t('groups.title')}>
        <Facts facts={[
          { label: t('groups.chats'), value: <ChatNames ids={code.groups.chat_ids ?? []} /> },
          { label: t('groups.opensNew'), value: code.groups.opens_new ? t('groups.yes', { name: code.groups.base_name || '–', number: code.groups.base_number }) : t('groups.no') },
          { label: t('fields.trace'), value: <span className="mono">{way?.state}</span> },
        ]} />
      </Panel>
    )
  }
  const names = everyDay.map((day) => t(`weekdays.${day}`))
  const hours = (shift: Shift) => (isAlways(shift) ? t('hours.always') : `${daysText(shift.weekdays ?? [], names)} ${shift.start}–${shift.end}`)
  return (
    <div className="two">
      <Panel title={t('plan.now')}>
        {now && now.kind !== 'shift' && <Alert type={now.kind === 'overflow' ? 'error' : 'warning'} showIcon title={t(`duty.${now.kind}`)} description={t(`dutyHelp.${now.kind}`)} style={{ marginBottom: 12 }} />}
        <Facts facts={[
          { label: t('plan.serving'), value: now?.staff_ids.length ? <StaffNames ids={now.staff_ids} limit={limits.named} /> : t('nobody') },
          { label: t('plan.until'), value: now?.changes_at ? <span className="num">{instant(now.changes_at)}</span> : t('plan.forEver') },
          now && now.full_staff_ids.length > 0 && { label: t('plan.full'), value: <StaffNames ids={now.full_staff_ids} limit={limits.named} /> },
          { label: t('plan.told'), value: way?.turned_at ? <span className="num">{instant(way.turned_at, 'second')}</span> : '–' },
          { label: t('fields.trace'), value: <span className="mono">{way?.state}</span> },
        ]} />
      </Panel>
      <Panel title={t('plan.title')}>
        <Facts facts={[
          ...(code.plan.shifts ?? []).map((shift) => ({ label: hours(shift), value: <StaffNames ids={shift.staff_ids} limit={limits.named} /> })),
          { label: t('plan.limit'), value: code.plan.daily_limit ? count(code.plan.daily_limit) : t('plan.noLimit') },
          { label: t('plan.backup'), value: code.plan.backup_staff_ids?.length ? <StaffNames ids={code.plan.backup_staff_ids} limit={limits.named} /> : t('nobody') },
        ]} />
      </Panel>
    </div>
  )
}

import { CloseOutlined } from '@ant-design/icons'
import { Button, Drawer, Tooltip } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Empty } from '@/design/Empty'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { ChangeList } from '../components/ChangeList'
import { LiftDialog } from '../components/LiftDialog'
import { MemberPutDrawer } from '../components/MemberPutDrawer'
import styles from '../components/tags.module.css'
import { useMemberTagHistory, useMemberTags } from '../queries'
import type { MemberTag } from '../types'
import { actor, origin } from '../words'

/** What a member carries, by group; tags are put and lifted here with a reason. */
export function MemberTagsPanel({ memberId }: { memberId: string }) {
  const { t } = useTranslation('tags')
  const { instant } = useFormat()
  const can = useCan()
  const carried = useMemberTags(memberId)
  const [dialog, setDialog] = useState<'put' | 'history' | null>(null)
  const [lifting, setLifting] = useState<MemberTag | null>(null)
  const mayWrite = can(permissions.tagWrite)
  const groups = [...new Set(carried.data?.map((tag) => tag.group))]
  const why = (tag: MemberTag) =>
    [instant(tag.at), origin(t, tag.source), actor(t, tag.actor), tag.reason, tag.expires_at && t('panel.until', { at: instant(tag.expires_at) }), tag.is_exception && t('exceptions.put')].filter(Boolean).join(' · ')
  const extra = (
    <span className="row" style={{ gap: 4, flexWrap: 'nowrap' }}>
      <Button type="text" size="small" onClick={() => setDialog('history')}>{t('tabs.history')}</Button>
      {mayWrite && <Button size="small" onClick={() => setDialog('put')}>{t('verbs.put')}</Button>}
    </span>
  )
  return (
    <Panel title={t('panel.title')} flush extra={extra} data-testid="member-tags">
      <ProblemNote problem={carried.error} />
      {carried.data?.length === 0 && <Empty small title={t('panel.empty')} hint={t('panel.emptyHint')} />}
      {groups.map((group) => (
        <div key={group} className={styles.group}>
          <small>{group}</small>
          <div className={styles.chips}>
            {carried.data?.filter((tag) => tag.group === group).map((tag) => (
              <Tooltip key={tag.id} title={why(tag)}>
                <span className={`${styles.chip} ${mayWrite ? '' : styles.plain}`}>
                  <span>{tag.name}{tag.expires_at && <small>{t('panel.until', { at: instant(tag.expires_at, 'day') })}</small>}</span>
                  {mayWrite && <button type="button" aria-label={t('lift.title', { name: tag.name })} onClick={() => setLifting(tag)}><CloseOutlined /></button>}
                </span>
              </Tooltip>
            ))}
          </div>
        </div>
      ))}
      {dialog === 'put' && <MemberPutDrawer memberId={memberId} carried={carried.data ?? []} onClose={() => setDialog(null)} />}
      {dialog === 'history' && <HistoryDrawer memberId={memberId} onClose={() => setDialog(null)} />}
      {lifting && <LiftDialog memberId={memberId} tag={lifting} follows={lifting.cause === 'rule'} onClose={() => setLifting(null)} />}
    </Panel>
  )
}

function HistoryDrawer({ memberId, onClose }: { memberId: string; onClose: () => void }) {
  const { t } = useTranslation('tags')
  const history = useMemberTagHistory(memberId)
  return (
    <Drawer open title={t('panel.history')} size={Math.min(900, window.innerWidth)} onClose={onClose}>
      <ChangeList rows={history.data?.rows} shows="tag" problem={history.error} />
    </Drawer>
  )
}

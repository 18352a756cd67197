import { Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Empty } from '@/design/Empty'
import { Mark } from '@/design/Mark'
import { useNotice } from '@/design/notice'
import { ProblemNote } from '@/design/ProblemNote'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { named } from '@/lib/words'

import { useUndoMerge } from '../queries'
import type { Merge } from '../types'
import { displayName } from '../words'
import styles from './lists.module.css'

export function MergePanel({ merges, no }: { merges: Merge[]; no: number }) {
  const { t } = useTranslation('people')
  const { instant } = useFormat()
  const can = useCan()
  const { done } = useNotice()
  const undo = useUndoMerge()
  const [asked, setAsked] = useState<Merge | null>(null)
  const [reason, setReason] = useState('')
  const why = ({ rule }: Merge) => (rule === 'decision' || rule === 'alias' ? t(`merges.rules.${rule}`) : t('merges.same', { kind: named(t, 'kinds', rule) }))
  const submit = () => asked && undo.mutate({ id: asked.id, reason: reason.trim() }, { onSuccess: () => { done(t('merges.undone')); setAsked(null) } })
  if (merges.length === 0) return <Empty small title={t('merges.empty')} hint={t('merges.emptyHint')} />
  return (
    <>
      <ul className={styles.list}>
        {merges.map((merge) => {
          const [other, called] = merge.survivor_no === no ? [merge.loser_no, merge.loser] : [merge.survivor_no, merge.survivor]
          return (
            <li key={merge.id}>
              <div className={styles.first}>
                <span>{t(merge.survivor_no === no ? 'merges.took' : 'merges.went')} <Link to={`/members/${other}`} className={called ? undefined : 'num'}>{called ? displayName(called, t) : `#${other}`}</Link></span>
                {merge.undone_at ? <Mark>{t('merges.wasUndone')}</Mark> : can(permissions.merge) && <Button size="small" onClick={() => { setReason(''); setAsked(merge) }}>{t('merges.undo')}</Button>}
              </div>
              <div className={styles.second}>{instant(merge.at)} · {why(merge)} · {merge.actor_name || t('merges.bySystem')}{merge.reason && ` · ${merge.reason}`}</div>
              {merge.undone_at && <div className={styles.second}>{instant(merge.undone_at)} · {merge.undone_by_name || t('merges.bySystem')}{merge.undo_reason && ` · ${merge.undo_reason}`}</div>}
            </li>
          )
        })}
      </ul>
      <Modal open={asked !== null} title={t('merges.undoTitle')} okText={t('merges.undo')} okButtonProps={{ disabled: reason.trim() === '' }} confirmLoading={undo.isPending} onOk={submit} onCancel={() => setAsked(null)}>
        <div className="stack-small">
          <span className="soft">{t('merges.undoHint')}</span>
          <Input value={reason} placeholder={t('reason')} aria-label={t('reason')} onChange={(event) => setReason(event.target.value)} />
          <ProblemNote problem={undo.error} />
        </div>
      </Modal>
    </>
  )
}

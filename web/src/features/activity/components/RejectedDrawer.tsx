import { Button, Drawer, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Facts } from '@/design/Facts'
import { useNotice } from '@/design/notice'
import { ProblemNote } from '@/design/ProblemNote'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { bilingual } from '@/lib/text'

import { parsedMessage } from '../message'
import { useRejectedOne, useReplayOne } from '../queries'
import type { Rejected } from '../types'

function Message({ id, message, onDone }: { id: string; message: unknown; onDone: () => void }) {
  const { t } = useTranslation('activity')
  const { done } = useNotice()
  const before = JSON.stringify(message, null, 2)
  const [text, setText] = useState(before)
  const replay = useReplayOne(id)
  const mended = parsedMessage(text)
  const submit = () =>
    replay.mutate(text === before ? undefined : mended ?? undefined, {
      onSuccess: (outcome) => {
        done(t('rejected.replayed', { good: outcome.accepted + outcome.repeated, bad: outcome.rejected }))
        onDone()
      },
    })
  return (
    <div className="stack-small">
      <span className="soft">{t('rejected.mend')}</span>
      <Input.TextArea className="mono" autoSize={{ minRows: 8, maxRows: 28 }} value={text} status={mended ? undefined : 'error'} aria-label={t('rejected.one')} onChange={(event) => setText(event.target.value)} />
      <ProblemNote problem={replay.error} />
      <Button type="primary" disabled={!mended} loading={replay.isPending} onClick={submit}>{t('rejected.replay')}</Button>
    </div>
  )
}

/** One refused message with its content, which is read only now; it can be mended before it is tried again. */
export function RejectedDrawer({ row, onClose }: { row: Rejected; onClose: () => void }) {
  const { t, i18n } = useTranslation('activity')
  const { instant, count } = useFormat()
  const can = useCan()
  const one = useRejectedOne(row.id)
  return (
    <Drawer open size={Math.min(600, window.innerWidth)} title={t('rejected.one')} onClose={onClose}>
      <div className="stack">
        <Facts
          facts={[
            { label: t('rejected.why'), value: bilingual(row, i18n.language) },
            { label: t('rejected.code'), value: <span className="mono">{row.code}</span> },
            { label: t('rejected.source'), value: row.source },
            { label: t('rejected.at'), value: instant(row.received_at, 'second') },
            { label: t('rejected.times'), value: count(row.times) },
          ]}
        />
        <ProblemNote problem={one.error} />
        {one.data && can(permissions.replay) && !row.replayed_at && <Message id={row.id} message={one.data.message} onDone={onClose} />}
        {one.data && (!can(permissions.replay) || row.replayed_at) && <pre className="mono" style={{ whiteSpace: 'pre-wrap', margin: 0 }}>{JSON.stringify(one.data.message, null, 2)}</pre>}
      </div>
    </Drawer>
  )
}

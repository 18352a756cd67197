import { App, Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Mark } from '@/design/Mark'
import { useNotice } from '@/design/notice'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { Secret } from '@/design/Secret'
import { useSession } from '@/lib/session'

import { useTotpConfirm, useTotpEnd, useTotpStart } from '../queries'

/** The second factor: scan, type one code, done. */
export function TotpPanel() {
  const { t } = useTranslation('access')
  const { user } = useSession()
  const { modal } = App.useApp()
  const { done, refused } = useNotice()
  const start = useTotpStart()
  const confirm = useTotpConfirm()
  const end = useTotpEnd()
  const [code, setCode] = useState('')
  const finish = () => confirm.mutate(code, { onSuccess: () => { done(t('account.totpOn')); start.reset() } })
  const ask = () => modal.confirm({ title: t('account.totpEndTitle'), content: t('account.totpEndHint'), okButtonProps: { danger: true }, onOk: () => end.mutateAsync(undefined).catch(refused) })
  const state = user.has_totp ? <Mark tone="good">{t('users.on')}</Mark> : <Mark>{t('users.off')}</Mark>
  return (
    <Panel title={t('account.totp')} extra={state}>
      <p className="soft" style={{ marginBottom: 12 }}>{t('account.totpHint')}</p>
      {user.has_totp && <Button danger onClick={ask}>{t('account.totpEnd')}</Button>}
      {!user.has_totp && !start.data && <Button loading={start.isPending} onClick={() => start.mutate()}>{t('account.totpStart')}</Button>}
      {!user.has_totp && start.data && (
        <div className="row" style={{ gap: 24, alignItems: 'flex-start' }}>
          <img width={168} height={168} alt={t('account.totpQr')} src={`data:image/svg+xml;utf8,${encodeURIComponent(start.data.qr_svg)}`} />
          <div className="stack-small" style={{ flex: '1 1 220px' }}>
            <span>{t('account.totpScan')}</span>
            <Secret text={start.data.secret} />
            <Input.OTP length={6} value={code} onChange={setCode} />
            <ProblemNote problem={confirm.error} />
            <Button type="primary" disabled={code.length !== 6} loading={confirm.isPending} onClick={finish}>{t('account.totpConfirm')}</Button>
          </div>
        </div>
      )}
      <ProblemNote problem={start.error} />
    </Panel>
  )
}

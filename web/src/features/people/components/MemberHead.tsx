import { DeleteOutlined, DownloadOutlined, EyeOutlined } from '@ant-design/icons'
import { Alert, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'

import { Mark } from '@/design/Mark'
import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { useExportMember } from '../queries'
import type { Member } from '../types'
import { displayName } from '../words'
import { EraseDialog } from './EraseDialog'
import { RevealDialog } from './RevealDialog'

export function MemberHead({ member }: { member: Member }) {
  const { t } = useTranslation('people')
  const { instant, ago } = useFormat()
  const can = useCan()
  const go = useNavigate()
  const { done, refused } = useNotice()
  const [dialog, setDialog] = useState<'reveal' | 'erase' | null>(null)
  const copy = useExportMember(member.id)
  const name = displayName(member, t)
  const startExport = () => copy.mutate(undefined, { onSuccess: () => { done(t('export.started')); void go('/jobs') }, onError: refused })
  return (
    <>
      <PageHead
        name={name}
        back={{ to: '/members', label: t('list.title') }}
        title={<>{name}{member.identified ? <Mark tone="good">{t('identified')}</Mark> : <Mark>{t('unidentified')}</Mark>}{member.suppressed && <Mark tone="bad">{t('suppressed')}</Mark>}</>}
        subtitle={t('page.subtitle', { no: member.member_no, source: member.source || '–', created: instant(member.created_at, 'day'), seen: ago(member.last_seen_at), store: member.home_unit?.name ?? '–' })}
        actions={
          <>
            {can(permissions.pii) && <Button icon={<EyeOutlined />} onClick={() => setDialog('reveal')}>{t('reveal.button')}</Button>}
            {can(permissions.exportMember) && <Button icon={<DownloadOutlined />} loading={copy.isPending} onClick={startExport}>{t('export.button')}</Button>}
            {can(permissions.erase) && <Button danger icon={<DeleteOutlined />} onClick={() => setDialog('erase')}>{t('erase.button')}</Button>}
          </>
        }
      />
      {member.merged_into && (
        <Alert type="info" showIcon style={{ marginBottom: 16 }} title={t('page.merged')} action={<Link to={`/members/${member.merged_into}`}><Button size="small">{t('page.survivor')}</Button></Link>} />
      )}
      {dialog === 'reveal' && <RevealDialog member={member} onClose={() => setDialog(null)} />}
      {dialog === 'erase' && <EraseDialog member={member} name={name} onClose={() => setDialog(null)} />}
    </>
  )
}

import { DeleteOutlined, EditOutlined } from '@ant-design/icons'
import { Alert, Button, Popconfirm, Tabs } from 'antd'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'

import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { ProblemNote } from '@/design/ProblemNote'
import { Waiting } from '@/design/Waiting'
import { permissions } from '@/lib/permissions'
import { useCan } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { DutyTab } from '../components/DutyTab'
import { FiguresTab } from '../components/FiguresTab'
import { StandingMark } from '../components/StandingMark'
import { StoresTab } from '../components/StoresTab'
import { WelcomesTab } from '../components/WelcomesTab'
import { paths } from '../model'
import { useArchiveCode, useCode } from '../queries'
import type { Code } from '../types'

/** One code: the picture, who serves it, what it says, what it brought. */
export function CodePage() {
  const { id = '' } = useParams()
  const { t } = useTranslation('codes')
  const [read, write] = useUrlState()
  const code = useCode(id)
  if (code.error) return <ProblemNote problem={code.error} retry={() => void code.refetch()} />
  const known = code.data
  if (!known) return <Waiting />
  const served = known.kind === 'group' ? [] : [{ key: 'welcome', label: t('tabs.welcome'), children: <WelcomesTab code={known} /> }]
  return (
    <>
      <PageHead
        back={{ to: paths[known.kind], label: t(`title.${known.kind}`) }}
        name={known.name}
        title={<span className="row">{known.name} <StandingMark standing={known.standing} problem={known.ways.find((way) => way.problem)?.problem} /></span>}
        subtitle={known.remark || t(`subtitle.${known.kind}`)}
        actions={known.state === 'active' && <Actions code={known} />}
      />
      {known.state === 'archived' && <Alert type="info" showIcon style={{ marginBottom: 16 }} title={t('archivedNote')} />}
      {known.standing === 'empty' && <Alert type="error" showIcon style={{ marginBottom: 16 }} title={t('standingHelp.empty')} />}
      <Tabs
        activeKey={read('tab') ?? 'figures'}
        onChange={(tab) => write({ tab: tab === 'figures' ? undefined : tab })}
        destroyOnHidden
        items={[
          { key: 'figures', label: t('tabs.figures'), children: <FiguresTab code={known} /> },
          known.kind === 'store' ? { key: 'stores', label: t('tabs.stores'), children: <StoresTab code={known} /> } : { key: 'duty', label: t(known.kind === 'group' ? 'tabs.groups' : 'tabs.duty'), children: <DutyTab code={known} /> },
          ...served,
        ]}
      />
    </>
  )
}

function Actions({ code }: { code: Code }) {
  const { t } = useTranslation('codes')
  const can = useCan()
  const go = useNavigate()
  const { done, refused } = useNotice()
  const archive = useArchiveCode()
  if (!can(permissions.codeWrite)) return null
  const gone = { onSuccess: () => { done(t('archived')); void go(paths[code.kind]) }, onError: refused }
  return (
    <>
      <Popconfirm title={t('archiveSure', { name: code.name })} description={t('archiveHint')} onConfirm={() => archive.mutate(code.id, gone)}>
        <Button danger icon={<DeleteOutlined />} loading={archive.isPending}>{t('archive')}</Button>
      </Popconfirm>
      <Link to={`${paths[code.kind]}/${code.id}/edit`}><Button type="primary" icon={<EditOutlined />}>{t('edit')}</Button></Link>
    </>
  )
}

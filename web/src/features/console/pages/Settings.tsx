import { Tabs } from 'antd'
import { useTranslation } from 'react-i18next'

import { PageHead } from '@/design/PageHead'
import { permissions } from '@/lib/permissions'
import { useCan, useSession } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { BackupPanel } from '../components/BackupPanel'
import { LabPanel } from '../components/LabPanel'
import { ParametersPanel } from '../components/ParametersPanel'
import { SystemPanel } from '../components/SystemPanel'
import { WorkspacePanel } from '../components/WorkspacePanel'

export function Settings() {
  const { t } = useTranslation('console')
  const can = useCan()
  const { workspace } = useSession()
  const [read, write] = useUrlState()
  const tabs = [
    { key: 'workspace', label: t('settings.basics'), children: <WorkspacePanel /> },
    { key: 'parameters', label: t('settings.parameters'), children: <ParametersPanel /> },
    { key: 'system', label: t('settings.system'), children: <SystemPanel /> },
    ...(can(permissions.backup) ? [{ key: 'backup', label: t('settings.backup'), children: <BackupPanel /> }] : []),
    ...(workspace.lab ? [{ key: 'lab', label: t('settings.lab'), children: <LabPanel /> }] : []),
  ]
  return (
    <>
      <PageHead title={t('settings.title')} subtitle={t('settings.subtitle')} />
      <Tabs activeKey={read('tab') ?? 'workspace'} onChange={(tab) => write({ tab: tab === 'workspace' ? undefined : tab })} items={tabs} />
    </>
  )
}

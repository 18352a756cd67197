import { Tabs } from 'antd'
import { useTranslation } from 'react-i18next'

import { PageHead } from '@/design/PageHead'
import { useUrlState } from '@/lib/url'

import { RoleList } from '../components/RoleList'
import { UserList } from '../components/UserList'

export function Users() {
  const { t } = useTranslation('access')
  const [read, write] = useUrlState()
  return (
    <>
      <PageHead title={t('users.title')} subtitle={t('users.subtitle')} />
      <Tabs
        activeKey={read('tab') ?? 'users'}
        onChange={(tab) => write({ tab: tab === 'users' ? undefined : tab, role: undefined })}
        items={[
          { key: 'users', label: t('users.tabUsers'), children: <UserList /> },
          { key: 'roles', label: t('users.tabRoles'), children: <RoleList /> },
        ]}
      />
    </>
  )
}

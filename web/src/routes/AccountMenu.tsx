import { GlobalOutlined, LogoutOutlined, UserOutlined } from '@ant-design/icons'
import { Avatar, Button, Dropdown } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { useIsPhone } from '@/design/media'
import { colours } from '@/design/tokens'
import { useSignOut } from '@/features/access/queries'
import { changeLanguage } from '@/lib/i18n'
import { useSession } from '@/lib/session'

/** Language, own account, sign-out. */
export function AccountMenu() {
  const { t, i18n } = useTranslation()
  const { user } = useSession()
  const go = useNavigate()
  const isPhone = useIsPhone()
  const signOut = useSignOut()
  const other = i18n.language.startsWith('zh') ? 'en' : 'zh-CN'
  const leave = () => signOut.mutate(undefined, { onSettled: () => void go('/sign-in', { replace: true }) })
  return (
    <>
      <Button type="text" icon={<GlobalOutlined />} data-testid="language" aria-label={t('language')} onClick={() => void changeLanguage(other)}>
        {isPhone ? undefined : other === 'en' ? 'English' : '中文'}
      </Button>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            { key: 'account', icon: <UserOutlined />, label: t('account'), onClick: () => void go('/account') },
            { type: 'divider' },
            { key: 'leave', icon: <LogoutOutlined />, label: t('signOut'), onClick: leave },
          ],
        }}
      >
        <Button type="text" aria-label={t('account')} data-testid="account-menu">
          <Avatar size={24} style={{ background: colours.well }}>{user.name.slice(0, 1)}</Avatar>
          {!isPhone && <span>{user.name}</span>}
        </Button>
      </Dropdown>
    </>
  )
}

import { LinkOutlined } from '@ant-design/icons'
import { Button, Modal } from 'antd'
import { useTranslation } from 'react-i18next'

import { useNotice } from '@/design/notice'
import { Secret } from '@/design/Secret'
import { useFormat } from '@/lib/session'

import { useUserLink } from '../queries'
import type { User } from '../types'

/** A one-time sign-in link for a colleague who has no password yet, or has forgotten it. */
export function UserLinkButton({ user }: { user: User }) {
  const { t } = useTranslation('access')
  const { instant } = useFormat()
  const { refused } = useNotice()
  const link = useUserLink()
  return (
    <span onClick={(event) => event.stopPropagation()}>
      <Button size="small" type="text" icon={<LinkOutlined />} loading={link.isPending} onClick={() => link.mutate(user.id, { onError: refused })}>
        {t('users.link')}
      </Button>
      <Modal open={link.data !== undefined} title={t('users.linkTitle', { name: user.name })} footer={null} onCancel={() => link.reset()}>
        {link.data && (
          <div className="stack-small">
            <Secret text={new URL(link.data.url, window.location.origin).toString()} />
            <span className="soft">{t('users.linkHint', { until: instant(link.data.expires_at) })}</span>
          </div>
        )}
      </Modal>
    </span>
  )
}

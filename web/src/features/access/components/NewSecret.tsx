import { Alert, Modal, Tabs } from 'antd'
import { useTranslation } from 'react-i18next'

import { Secret } from '@/design/Secret'

import { snippets } from '../keys'
import type { NewKey } from '../types'

const names = { curl: 'curl', python: 'Python', node: 'Node.js' }

/** The only time a secret is shown, with commands that already carry it. */
export function NewSecret({ made, onClose }: { made: NewKey; onClose: () => void }) {
  const { t } = useTranslation('access')
  const texts = Object.entries(snippets(made.secret, made.kind, window.location.origin))
  return (
    <Modal open width={640} title={t('keys.secretTitle', { name: made.name })} cancelButtonProps={{ hidden: true }} okText={t('keys.kept')} onOk={onClose} onCancel={onClose} mask={{ closable: false }}>
      <div className="stack-small">
        <Alert type="warning" showIcon title={t('keys.once')} />
        <Secret text={made.secret} label={t('keys.secret')} />
        <Tabs size="small" items={texts.map(([name, text]) => ({ key: name, label: names[name as keyof typeof names], children: <Secret text={text} /> }))} />
      </div>
    </Modal>
  )
}

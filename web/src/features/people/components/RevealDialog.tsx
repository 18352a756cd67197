import { Alert, Button, Modal } from 'antd'
import { useTranslation } from 'react-i18next'

import { Facts } from '@/design/Facts'
import { ProblemNote } from '@/design/ProblemNote'

import { useReveal } from '../queries'
import type { Member } from '../types'

/** Plain values are asked for one member at a time, and every look is on record. */
export function RevealDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const { t } = useTranslation('people')
  const reveal = useReveal(member.id)
  return (
    <Modal open title={t('reveal.title')} footer={null} onCancel={onClose}>
      <div className="stack-small">
        <Alert type="warning" showIcon title={t('reveal.notice')} />
        {reveal.data ? (
          <div data-testid="revealed" style={{ padding: '12px 0', fontSize: 16 }}>
            <Facts facts={[
              { label: t('fields.name'), value: reveal.data.name },
              { label: t('fields.phone'), value: <span className="num">{reveal.data.phone ?? '–'}</span> },
              { label: t('fields.email'), value: reveal.data.email },
            ]} />
          </div>
        ) : (
          <Button type="primary" block loading={reveal.isPending} onClick={() => reveal.mutate(['name', 'phone', 'email'])}>{t('reveal.show')}</Button>
        )}
        <ProblemNote problem={reveal.error} />
      </div>
    </Modal>
  )
}

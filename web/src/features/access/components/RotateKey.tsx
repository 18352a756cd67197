import { Modal, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { ProblemNote } from '@/design/ProblemNote'

import { useRotateKey } from '../keys'
import type { Key, NewKey } from '../types'

// Long enough to roll out a new secret: at once, an hour, a day, three days, a week.
const overlaps = [0, 1, 24, 72, 168]

export function RotateKey({ subject, onClose, onMade }: { subject: Key; onClose: () => void; onMade: (key: NewKey) => void }) {
  const { t } = useTranslation('access')
  const [overlap, setOverlap] = useState(24)
  const rotate = useRotateKey()
  return (
    <Modal open title={t('keys.rotateTitle', { name: subject.name })} okText={t('keys.rotate')} confirmLoading={rotate.isPending} onCancel={onClose}
      onOk={() => rotate.mutate({ id: subject.id, overlap_hours: overlap }, { onSuccess: onMade })}>
      <div className="stack-small">
        <span className="soft">{t('keys.rotateHint')}</span>
        <Select value={overlap} onChange={setOverlap} aria-label={t('keys.overlap')} options={overlaps.map((hours) => ({ value: hours, label: t('keys.overlapHours', { count: hours }) }))} />
        <ProblemNote problem={rotate.error} />
      </div>
    </Modal>
  )
}

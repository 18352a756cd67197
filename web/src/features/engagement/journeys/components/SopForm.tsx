import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Checkbox, Form, Input, InputNumber } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Panel } from '@/design/Panel'
import { AccountPicker } from '@/features/channels/pickers/AccountPicker'
import { OneAudience } from '@/features/audiences/pickers/OneAudience'
import { MaterialPicker } from '@/features/content/pickers/MaterialPicker'
import { MaterialPreview } from '@/features/content/pickers/MaterialPreview'

import type { JourneyKind, Sop, SopStep } from '../types'
import styles from './journeys.module.css'

type Props = { kind: JourneyKind; initial: Sop; saving: boolean; onSave: (sop: Sop) => void }

/** An SOP: for whom, and on which day at what time they get what. */
export function SopForm({ kind, initial, saving, onSave }: Props) {
  const { t } = useTranslation('journeys')
  const [sop, setSop] = useState<Sop>({ ...initial, steps: initial.steps?.length ? initial.steps : [{ day: 1, clock: '10:00' }] })
  const [shown, setShown] = useState(0)
  const set = (values: Partial<Sop>) => setSop({ ...sop, ...values })
  const put = (place: number, values: Partial<SopStep>) => { set({ steps: sop.steps.map((step, at) => (at === place ? { ...step, ...values } : step)) }); setShown(place) }
  return (
    <div className={styles.desk}>
      <Panel title={t('sop.steps')}>
        <Form layout="vertical" onFinish={() => onSave(sop)}>
          <Form.Item label={t('entry.audience')} extra={t(`sop.who.${kind}`)}><OneAudience value={sop.audience} onChange={(audience) => set({ audience })} /></Form.Item>
          {kind === 'sop_group' && !sop.audience && <Form.Item label={t('sop.chat')} extra={t('sop.chatHint')}><Input value={sop.chat_id} onChange={(event) => set({ chat_id: event.target.value || undefined })} /></Form.Item>}
          <AccountPicker kind="wecom" required width="100%" value={sop.account_id} onChange={(account) => set({ account_id: account })} />
          {sop.steps.map((step, place) => (
            <div key={place} className={styles.stepRow} onFocus={() => setShown(place)}>
              <InputNumber min={0} max={365} precision={0} prefix={t('sop.day')} suffix={t('sop.dayAfter') || undefined} value={step.day} aria-label={t('sop.day')} onChange={(day) => put(place, { day: day ?? 0 })} />
              <Input type="time" value={step.clock} aria-label={t('field.clock')} onChange={(event) => put(place, { clock: event.target.value })} />
              <MaterialPicker value={step.content_id} onChange={(id) => put(place, { content_id: id })} />
              <Button type="text" icon={<DeleteOutlined />} aria-label={t('sop.drop')} disabled={sop.steps.length === 1} onClick={() => set({ steps: sop.steps.filter((_, at) => at !== place) })} />
            </div>
          ))}
          <Button icon={<PlusOutlined />} onClick={() => set({ steps: [...sop.steps, { day: (sop.steps.at(-1)?.day ?? 0) + 1, clock: '10:00' }] })}>{t('sop.add')}</Button>
          <Form.Item style={{ marginTop: 16 }}>
            <Checkbox checked={Boolean(sop.is_weekly)} onChange={(event) => set({ is_weekly: event.target.checked })}>{t('sop.weekly')}</Checkbox>
            <Checkbox checked={Boolean(sop.ends_with_order)} onChange={(event) => set({ ends_with_order: event.target.checked })}>{t('sop.endsWithOrder')}</Checkbox>
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={saving}>{t('common:save')}</Button>
        </Form>
      </Panel>
      <MaterialPreview id={sop.steps[shown]?.content_id} />
    </div>
  )
}

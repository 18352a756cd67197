import { Checkbox, Form, Input, Radio, Select } from 'antd'
import { useTranslation } from 'react-i18next'

import { FormDrawer } from '@/design/FormDrawer'
import { useNotice } from '@/design/notice'

import { useSetConsent } from '../queries'
import type { Consent, ConsentIn, ConsentState } from '../types'
import { channels, consentStates, purposes } from '../vocabulary'

/** Consent is changed with where it came from and which text was agreed to. */
export function ConsentDrawer({ id, consent, onClose }: { id: string; consent: Partial<Consent>; onClose: () => void }) {
  const { t } = useTranslation('people')
  const { done } = useNotice()
  const set = useSetConsent(id)
  const isKnown = consent.purpose !== undefined
  const initial: Partial<ConsentIn> = { purpose: consent.purpose ?? 'marketing', channel: consent.channel ?? 'sms', state: (consent.state as ConsentState | undefined) ?? 'subscribed', source: '', version: consent.version ?? '', explicit: true }
  return (
    <FormDrawer<ConsentIn> open title={t('consent.edit')} initial={initial} saving={set.isPending} problem={set.error} onClose={onClose} onSave={(values) => set.mutate(values, { onSuccess: () => { done(t('saved')); onClose() } })}>
      <Form.Item name="purpose" label={t('consent.purpose')} rules={[{ required: true }]}>
        <Select disabled={isKnown} options={purposes.map((value) => ({ value, label: t(`purposes.${value}`) }))} />
      </Form.Item>
      <Form.Item name="channel" label={t('consent.channel')} rules={[{ required: true }]}>
        <Select disabled={isKnown} options={channels.map((value) => ({ value, label: t(`channels.${value}`) }))} />
      </Form.Item>
      <Form.Item name="state" label={t('consent.state')}>
        <Radio.Group>
          <div className="stack-small">{consentStates.map((value: ConsentState) => <Radio key={value} value={value}>{t(`states.${value}`)}</Radio>)}</div>
        </Radio.Group>
      </Form.Item>
      <Form.Item name="source" label={t('consent.source')} extra={t('consent.sourceHint')} rules={[{ required: true }]}><Input /></Form.Item>
      <Form.Item name="version" label={t('consent.version')} extra={t('consent.versionHint')}><Input /></Form.Item>
      <Form.Item name="explicit" valuePropName="checked" extra={t('consent.explicitHint')}><Checkbox>{t('consent.explicit')}</Checkbox></Form.Item>
    </FormDrawer>
  )
}

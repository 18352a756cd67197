import { DatePicker, Form, Input, Radio, Select } from 'antd'
import type { Dayjs } from 'dayjs'
import { useTranslation } from 'react-i18next'

import { FormDrawer } from '@/design/FormDrawer'
import { useNotice } from '@/design/notice'
import { dayEnd } from '@/lib/days'
import { useSession } from '@/lib/session'

import { personKinds, persons, type PersonKind } from '../model'
import { useChangeTagMembers } from '../queries'
import type { Tag } from '../types'

type Values = { verb: 'put' | 'lift'; kind: PersonKind; people: string; reason: string; until?: Dayjs }
const most = 5000

/** One tag for many people at once, from a pasted list. */
export function PutDrawer({ tag, onClose }: { tag: Tag; onClose: () => void }) {
  const { t } = useTranslation('tags')
  const { workspace } = useSession()
  const { done } = useNotice()
  const change = useChangeTagMembers(tag.id)
  const [form] = Form.useForm<Values>()
  const verb = Form.useWatch('verb', form)
  const found = persons(Form.useWatch('people', form) ?? '', Form.useWatch('kind', form) ?? 'phone')
  const save = (values: Values) =>
    change.mutate(
      {
        [values.verb]: persons(values.people, values.kind),
        reason: values.reason.trim(),
        expires_at: values.verb === 'put' && values.until ? dayEnd(values.until.format('YYYY-MM-DD'), workspace.time_zone) : undefined,
      },
      { onSuccess: (made) => { done(t('put.done', { ...made })); onClose() } },
    )
  return (
    <FormDrawer<Values> open form={form} title={t('put.title', { name: tag.name })} initial={{ verb: tag.state === 'active' ? 'put' : 'lift', kind: 'phone', people: '', reason: '' }} saving={change.isPending} problem={change.error} submit={t(`verbs.${verb ?? 'put'}`)} onClose={onClose} onSave={save}>
      <Form.Item name="verb">
        <Radio.Group optionType="button" options={(['put', 'lift'] as const).map((value) => ({ value, label: t(`verbs.${value}`), disabled: value === 'put' && tag.state !== 'active' }))} />
      </Form.Item>
      <Form.Item name="kind" label={t('put.kind')}>
        <Select options={[...personKinds, 'member' as const].map((value) => ({ value, label: t(`persons.${value}`) }))} />
      </Form.Item>
      <Form.Item name="people" label={t('put.people')} extra={t('put.count', { count: found.length, most })} rules={[{ required: true, whitespace: true }, { validator: () => (found.length > most ? Promise.reject(new Error(t('put.tooMany', { most }))) : Promise.resolve()) }]}>
        <Input.TextArea rows={8} className="mono" placeholder={t('put.peopleHint')} />
      </Form.Item>
      <Form.Item name="reason" label={t('reason')} rules={[{ required: true, whitespace: true, max: 200 }]}><Input maxLength={200} placeholder={t('put.reasonHint')} /></Form.Item>
      {verb !== 'lift' && (
        <Form.Item name="until" label={t('put.until')} extra={tag.expires_after_days ? t('put.untilDefault', { count: tag.expires_after_days }) : t('put.untilHint')}>
          <DatePicker style={{ width: '100%' }} />
        </Form.Item>
      )}
    </FormDrawer>
  )
}

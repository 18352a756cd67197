import { Button, Form, Input, InputNumber, Radio, Select, Slider } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'

import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { useLeaveGuard } from '@/design/useLeaveGuard'
import { Waiting } from '@/design/Waiting'
import { AccountPicker } from '@/features/channels/pickers/AccountPicker'
import { MaterialPreview } from '@/features/content/pickers/MaterialPreview'

import { AudienceSelect, AudienceSelects } from '../components/AudienceSelect'
import { PressurePanel } from '../components/PressurePanel'
import { ScheduleFields } from '../components/ScheduleFields'
import styles from '../components/touches.module.css'
import { VariantFields } from '../components/VariantFields'
import { bodyOf, channelsOf, freshCampaign, paths, senderChoices, silent } from '../model'
import { useCampaign, useSaveCampaign } from '../queries'
import type { CampaignBody, CampaignKind } from '../types'

/** A campaign that is written: beside it the phone that shows it, and what launching would come to. */
export function EditCampaign({ kind }: { kind: CampaignKind }) {
  const { id } = useParams()
  const campaign = useCampaign(id)
  const [kept, setKept] = useState<{ version: number; body: CampaignBody }>()
  // The first answer is edited; what arrives later must not overwrite what is typed.
  if (campaign.data && !kept) setKept({ version: campaign.data.version, body: bodyOf(campaign.data) })
  if (campaign.error) return <ProblemNote problem={campaign.error} retry={() => void campaign.refetch()} />
  if (id && !kept) return <Waiting />
  return <Editor key={id ?? kind} id={id} kind={kind} version={kept?.version ?? 0} first={kept?.body ?? freshCampaign(kind)} />
}

function Editor({ id, kind, version, first }: { id?: string; kind: CampaignKind; version: number; first: CampaignBody }) {
  const { t } = useTranslation('touches')
  const go = useNavigate()
  const { done } = useNotice()
  const save = useSaveCampaign(id)
  const [form] = Form.useForm<CampaignBody>()
  const [dirty, setDirty] = useState(false)
  const [chosen, setChosen] = useState(0)
  const saved = useLeaveGuard(dirty)
  const values = Form.useWatch((all: CampaignBody) => all, { form, preserve: true }) as CampaignBody | undefined
  const draft = { ...first, ...values, kind }
  const shown = useDeferredValue(values ? draft : undefined)
  const needsSender = ['wecom', 'wecom_group', 'moments'].includes(draft.channel)
  const isSilent = silent.includes(draft.channel)
  const account = channelsOf[kind].find((one) => one.channel === draft.channel)?.account
  const submit = () => {
    const written = { ...first, ...(form.getFieldsValue(true) as CampaignBody), kind }
    save.mutate({ draft: written, version }, { onSuccess: (made) => { saved(); done(t('saved')); void go(`${paths[kind]}/${made.id}`) } })
  }
  return (
    <>
      <PageHead back={{ to: id ? `${paths[kind]}/${id}` : paths[kind], label: t(`title.${kind}`) }} title={id ? first.name : t(`new.${kind}`)} subtitle={t('editWhat')}
        actions={<Button type="primary" loading={save.isPending} onClick={() => form.submit()}>{t('save')}</Button>} />
      <ProblemNote problem={save.error} />
      <Form<CampaignBody> form={form} layout="vertical" initialValues={first} onFinish={submit} onValuesChange={() => setDirty(true)} scrollToFirstError>
        <div className="side-right">
          <div className="stack">
            <Panel title={t('parts.who')}>
              <Form.Item name="name" label={t('fields.name')} rules={[{ required: true, whitespace: true }]}><Input maxLength={80} placeholder={t('hints.name')} /></Form.Item>
              <div className="two">
                <Form.Item name="audience_id" label={t('fields.audience')} rules={[{ required: true }]}><AudienceSelect /></Form.Item>
                <Form.Item name="excluded_ids" label={t('fields.excluded')}><AudienceSelects /></Form.Item>
                {channelsOf[kind].length > 1 && (
                  <Form.Item name="channel" label={t('fields.channel')}><Select onChange={(channel: string) => form.setFieldsValue({ account_id: '', ...(silent.includes(channel) && { purpose: 'marketing' }) })} options={channelsOf[kind].map((one) => ({ value: one.channel, label: t(`channels.${one.channel}`) }))} /></Form.Item>
                )}
                <Form.Item name="account_id" extra={draft.account_id ? undefined : t('hints.account')}><AccountPicker key={account} kind={account} required width="100%" /></Form.Item>
              </div>
            </Panel>
            <Panel title={t(isSilent ? 'parts.ads' : kind === 'moments' ? 'parts.posts' : 'parts.what')}>
              {kind === 'moments' && <Form.Item name="slots" label={t('fields.slots')} extra={t('hints.slots')}><InputNumber min={0} max={20} /></Form.Item>}
              {isSilent ? <p className="soft">{t('hints.ads')}</p> : <VariantFields chosen={chosen} onChoose={setChosen} />}
            </Panel>
            <Panel title={t('parts.when')}><ScheduleFields /></Panel>
            <Panel title={t('parts.restraint')}>
              <div className="two">
                {kind === 'send' && !isSilent && <Form.Item name="purpose" label={t('fields.purpose')} extra={t(`purposeWhat.${draft.purpose ?? 'marketing'}`)}><Radio.Group optionType="button" options={(['marketing', 'service'] as const).map((value) => ({ value, label: t(`purposes.${value}`) }))} /></Form.Item>}
                {!isSilent && (
                  <>
                    <Form.Item name="tags" label={t('fields.tags')} tooltip={t('hints.tags')}><Select mode="tags" maxCount={10} open={false} suffixIcon={null} placeholder={t('hints.tagsExample')} /></Form.Item>
                    <Form.Item name="priority" label={`${t('fields.priority')} ${draft.priority ?? 0}`} tooltip={t('hints.priority')}><Slider min={0} max={100} /></Form.Item>
                  </>
                )}
                <Form.Item name="expires_hours" label={t('fields.expires')} tooltip={t('hints.expires')}><InputNumber min={1} max={744} suffix={t('hours')} style={{ width: '100%' }} /></Form.Item>
                {needsSender && <Form.Item name="senders" label={t('fields.senders')} tooltip={t('hints.senders')} rules={[{ required: true }]}><Select mode="multiple" options={senderChoices.map((value) => ({ value, label: t(`senders.${value}`) }))} /></Form.Item>}
                {draft.purpose !== 'service' && (draft.slots ?? 0) === 0 && (
                  <>
                    <Form.Item name="control_basis_points" label={`${t('fields.control')} ${(draft.control_basis_points ?? 0) / 100}%`} tooltip={t('hints.control')}><Slider min={0} max={5000} step={100} tooltip={{ formatter: (value) => `${(value ?? 0) / 100}%` }} /></Form.Item>
                    <Form.Item name="window_days" label={t('fields.window')} tooltip={t('hints.window')}><InputNumber min={1} max={90} suffix={t('days')} style={{ width: '100%' }} /></Form.Item>
                  </>
                )}
              </div>
            </Panel>
          </div>
          <div className={styles.sticky}>
            {!isSilent && <MaterialPreview id={draft.variants[chosen]?.content_id || draft.variants[0]?.content_id || undefined} />}
          </div>
        </div>
        <div style={{ marginBlockStart: 16 }}><PressurePanel draft={shown} id={id} /></div>
      </Form>
    </>
  )
}

import { Form, Input, Segmented, Select, Slider } from 'antd'
import { useTranslation } from 'react-i18next'

import { AccountPicker } from '@/features/channels/pickers/AccountPicker'
import { MaterialPicker } from '@/features/content/pickers/MaterialPicker'
import { MaterialPreview } from '@/features/content/pickers/MaterialPreview'

import type { GraphNode } from '../types'
import { LengthInput } from './LengthInput'

type Props = { node: GraphNode; change: (values: Partial<GraphNode>) => void }
const channels = ['wecom', 'moments', 'wecom_group', 'official_account', 'mini_program', 'sms', 'email', 'ads']
// Which kind of account carries a channel.
const accountOf: Record<string, string> = { official_account: 'official', mini_program: 'mini', sms: 'sms', email: 'email', ads: 'ads' }

/** What is sent, through what, and what becomes of whoever does not get it. */
export function SendForm({ node, change }: Props) {
  const { t } = useTranslation('journeys')
  const channel = String(node.channel ?? 'wecom')
  // Nobody notices it: nothing is said, nothing is counted under caps, and an advertisement is never a service.
  const isSilent = channel === 'ads'
  return (
    <>
      {node.kind === 'invite' && (
        <Form.Item label={t('field.invite')}><Segmented value={String(node.invite)} onChange={(invite) => change({ invite })} options={['join', 'leave'].map((one) => ({ value: one, label: t(`invite.${one}`) }))} /></Form.Item>
      )}
      {node.kind !== 'task' && (
        <Form.Item label={t('field.channel')} required>
          <Select value={channel} onChange={(next: string) => change({ channel: next, account_id: '', ...(next === 'ads' && { content_id: '', purpose: undefined, capped: undefined, capped_for: undefined }) })} options={channels.filter((one) => one !== 'ads' || node.kind === 'send').map((one) => ({ value: one, label: t(`channel.${one}`) }))} />
        </Form.Item>
      )}
      <AccountPicker kind={accountOf[channel] ?? 'wecom'} required width="100%" value={String(node.account_id ?? '') || undefined} onChange={(account) => change({ account_id: account ?? '' })} />
      {isSilent ? <p className="soft" style={{ marginBlock: 12 }}>{t('adsWhat')}</p> : (
        <>
          <Form.Item label={t(node.kind === 'task' ? 'field.taskText' : 'field.content')} required style={{ marginTop: 12 }}>
            <MaterialPicker value={String(node.content_id ?? '') || undefined} onChange={(id) => change({ content_id: id ?? '' })} />
          </Form.Item>
          {Boolean(node.content_id) && <MaterialPreview id={String(node.content_id)} />}
          <Form.Item label={t('field.purpose')} extra={t(`purposeHint.${String(node.purpose ?? 'marketing')}`)} style={{ marginTop: 12 }}>
            <Segmented value={String(node.purpose ?? 'marketing')} onChange={(purpose) => change({ purpose })} options={['marketing', 'service'].map((one) => ({ value: one, label: t(`purpose.${one}`) }))} />
          </Form.Item>
          <Form.Item label={t('field.capped')}>
            <Select value={String(node.capped ?? 'go_on')} onChange={(capped: string) => change({ capped })} options={['go_on', 'wait', 'exit'].map((one) => ({ value: one, label: t(`capped.${one}`) }))} />
          </Form.Item>
          {node.capped === 'wait' && <Form.Item label={t('field.cappedFor')}><LengthInput label={t('field.cappedFor')} value={String(node.capped_for ?? '1d')} onChange={(length) => change({ capped_for: length })} /></Form.Item>}
        </>
      )}
      <Form.Item label={t('field.dropped')}>
        <Select value={String(node.dropped ?? 'go_on')} onChange={(dropped: string) => change({ dropped })} options={['go_on', 'exit'].map((one) => ({ value: one, label: t(`dropped.${one}`) }))} />
      </Form.Item>
      <Form.Item label={t('field.expires')} extra={t('expiresHint')}><LengthInput label={t('field.expires')} value={String(node.expires ?? '2d')} onChange={(expires) => change({ expires })} /></Form.Item>
      {!isSilent && (
        <>
          <Form.Item label={t('field.priority')}><Slider min={0} max={100} value={Number(node.priority ?? 0)} onChange={(priority) => change({ priority })} /></Form.Item>
          <Form.Item label={t('field.touchTags')}><Select mode="tags" value={(node.tags as string[] | undefined) ?? []} onChange={(tags: string[]) => change({ tags: tags.length ? tags : undefined })} aria-label={t('field.touchTags')} /></Form.Item>
        </>
      )}
      {node.kind === 'invite' && <Form.Item label={t('field.groupCode')}><Input value={String(node.group_code_id ?? '')} onChange={(event) => change({ group_code_id: event.target.value })} /></Form.Item>}
    </>
  )
}

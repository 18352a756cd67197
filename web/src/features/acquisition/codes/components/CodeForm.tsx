import { PlusOutlined } from '@ant-design/icons'
import { AutoComplete, Button, Form, Input, InputNumber, Radio, Select, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { ChatPicker } from '@/features/channels/pickers/ChatPicker'
import { UnitsPicker } from '@/features/organization/pickers/UnitsPicker'
import { TagPicker } from '@/features/tags/pickers/TagPicker'

import { blankVariant, limits, moved, placed, tagOf, without } from '../model'
import { useAccounts, useFolders } from '../queries'
import type { CodeBody, Variant } from '../types'
import styles from './codes.module.css'
import { PlanFields } from './PlanFields'
import { VariantFields } from './VariantFields'
import { WelcomePreview } from './WelcomePreview'

type Props = { body: CodeBody; isNew: boolean; saving: boolean; problem: unknown; onChange: (body: CodeBody) => void; onSave: () => void; onCancel: () => void }

/** The whole code on one page; the phone beside it follows the welcome in hand. */
export function CodeForm({ body, isNew, saving, problem, onChange, onSave, onCancel }: Props) {
  const { t } = useTranslation('codes')
  const [shown, setShown] = useState(0)
  const set = (patch: Partial<CodeBody>) => onChange({ ...body, ...patch })
  const welcome = body.welcome ?? []
  const setWelcome = (next: Variant[]) => set({ welcome: next })
  const hasWelcome = body.kind !== 'group'
  return (
    <Form layout="vertical" onFinish={onSave} className={hasWelcome ? styles.edit : undefined}>
      <div className="stack">
        <BasicFields body={body} isNew={isNew} set={set} />
        {body.kind === 'group' && <GroupFields body={body} set={set} />}
        {body.kind !== 'group' && (
          <Panel title={t('plan.title')}>
            {body.kind === 'store' && <Form.Item label={t('stores.which')} extra={t('stores.whichHint')}><UnitsPicker value={body.unit_ids} onChange={(unit_ids) => set({ unit_ids })} /></Form.Item>}
            <PlanFields plan={body.plan ?? {}} single={body.is_single} ofStores={body.kind === 'store'} onChange={(plan) => set({ plan })} />
          </Panel>
        )}
        {hasWelcome && (
          <>
            {welcome.map((variant, place) => (
              <VariantFields key={place} variant={variant} place={place} of={welcome.length} chosen={place === shown}
                onChange={(next) => setWelcome(placed(welcome, place, next))} onChoose={() => setShown(place)}
                onMove={(by) => { setWelcome(moved(welcome, place, by)); setShown(place + by) }} onRemove={() => { setWelcome(without(welcome, place)); setShown(0) }} />
            ))}
            {welcome.length < limits.variants && <Button type="dashed" icon={<PlusOutlined />} onClick={() => { setWelcome([...welcome, blankVariant()]); setShown(welcome.length) }}>{t('welcome.add')}</Button>}
            {welcome.length > 1 && <p className="faint">{t('welcome.order')}</p>}
          </>
        )}
        <ProblemNote problem={problem} />
        <div className={styles.foot}>
          <Button onClick={onCancel}>{t('cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={saving} disabled={!body.name.trim()}>{t(isNew ? 'make' : 'save')}</Button>
        </div>
      </div>
      {hasWelcome && <div className={styles.stick}><WelcomePreview variant={welcome[shown]} /></div>}
    </Form>
  )
}

type FieldProps = { body: CodeBody; set: (patch: Partial<CodeBody>) => void }

function BasicFields({ body, isNew, set }: FieldProps & { isNew: boolean }) {
  const { t } = useTranslation('codes')
  const accounts = useAccounts()
  const folders = useFolders(body.kind)
  const tags = (body.tags ?? []).map((tag) => `${tag.group}/${tag.name}`)
  const setTags = (chosen: string[]) => set({ tags: chosen.map((path) => tagOf(path, t('tagGroup'))) })
  return (
    <Panel title={t('basics')}>
      <Form.Item label={t('fields.name')} required><Input aria-label={t('fields.name')} autoFocus value={body.name} maxLength={80} onChange={(event) => set({ name: event.target.value })} /></Form.Item>
      <div className="two" style={{ columnGap: 16, rowGap: 0 }}>
        {(accounts.data?.length ?? 0) > 1 && (
          <Form.Item label={t('fields.account')} required>
            <Select disabled={!isNew} value={body.account_id} onChange={(account_id) => set({ account_id })} options={accounts.data?.map((one) => ({ value: one.id, label: one.name }))} />
          </Form.Item>
        )}
        <Form.Item label={t('fields.folder')}>
          <AutoComplete aria-label={t('fields.folder')} value={body.folder} maxLength={60} onChange={(folder: string) => set({ folder })} options={folders.data?.filter((one) => one.name).map((one) => ({ value: one.name }))} />
        </Form.Item>
        <Form.Item label={t('fields.tags')} extra={t('tagsHint')}><TagPicker adds value={tags} onChange={setTags} /></Form.Item>
      </div>
      <Form.Item label={t('fields.remark')}><Input value={body.remark} maxLength={300} onChange={(event) => set({ remark: event.target.value })} /></Form.Item>
      {body.kind === 'channel' && (
        <Form.Item label={t('single.label')} extra={t(body.is_single ? 'single.oneHint' : 'single.manyHint')}>
          <Radio.Group disabled={!isNew} value={body.is_single} onChange={(event) => set({ is_single: event.target.value as boolean })}
            options={[{ value: false, label: t('single.many') }, { value: true, label: t('single.one') }]} optionType="button" />
        </Form.Item>
      )}
      {body.kind !== 'group' && (
        <div className="row" style={{ gap: 24 }}>
          <label className="row"><Switch checked={body.skips_verification} onChange={(skips_verification) => set({ skips_verification })} /> {t('skipsVerification')}</label>
          {body.kind !== 'link' && <label className="row"><Switch disabled={!isNew} checked={body.is_exclusive} onChange={(is_exclusive) => set({ is_exclusive })} /> {t('isExclusive')}</label>}
        </div>
      )}
    </Panel>
  )
}

function GroupFields({ body, set }: FieldProps) {
  const { t } = useTranslation('codes')
  const groups = body.groups ?? {}
  const change = (patch: Partial<typeof groups>) => set({ groups: { ...groups, ...patch } })
  return (
    <Panel title={t('groups.title')}>
      <Form.Item label={t('groups.chats')} extra={t('groups.chatsHint', { limit: limits.chats })} required>
        <ChatPicker accountId={body.account_id} label={t('groups.chats')} value={groups.chat_ids} max={limits.chats} onChange={(chat_ids) => change({ chat_ids })} />
      </Form.Item>
      <Form.Item extra={t('groups.opensNewHint')}>
        <label className="row"><Switch checked={groups.opens_new} onChange={(opens_new) => change({ opens_new })} /> {t('groups.opensNew')}</label>
      </Form.Item>
      {groups.opens_new && (
        <div className="row" style={{ gap: 16, alignItems: 'flex-end' }}>
          <Form.Item label={t('groups.baseName')}><Input value={groups.base_name} maxLength={40} onChange={(event) => change({ base_name: event.target.value })} /></Form.Item>
          <Form.Item label={t('groups.baseNumber')}><InputNumber min={1} precision={0} value={groups.base_number} onChange={(base_number) => change({ base_number: base_number ?? 1 })} /></Form.Item>
        </div>
      )}
    </Panel>
  )
}

import { Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'

import { useNotice } from '@/design/notice'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { useIsPhone } from '@/design/media'
import { ProblemNote } from '@/design/ProblemNote'
import { useLeaveGuard } from '@/design/useLeaveGuard'
import { useFormat } from '@/lib/session'

import { Builder } from '../builder/Builder'
import { hints, read, write, type Definition } from '../builder/tree'
import { useCounted } from '../builder/useCounted'
import { useChange, useMake } from '../queries'
import type { Refresh, Vocabulary } from '../types'
import styles from './audiences.module.css'
import { CountPanel } from './CountPanel'
import { StaleNote } from './StaleNote'

export type Draft = { id?: string; name: string; description: string; refresh: Refresh; definition: Definition }
type Values = Pick<Draft, 'name' | 'description' | 'refresh'>
const refreshes: Refresh[] = ['live', 'hourly', 'daily', 'manual']

/** The name and the conditions, with the count beside; saved as a whole. */
export function Editor({ draft, vocabulary }: { draft: Draft; vocabulary: Vocabulary }) {
  const { t } = useTranslation('audiences')
  const { count } = useFormat()
  const isPhone = useIsPhone()
  const go = useNavigate()
  const { done } = useNotice()
  const [form] = Form.useForm<Values>()
  const [root, setRoot] = useState(() => read(draft.definition))
  const counted = useCounted(root)
  const [hasTyped, setTyped] = useState(false)
  const [asOpened] = useState(() => JSON.stringify(write(root)))
  const lift = useLeaveGuard(hasTyped || JSON.stringify(write(root)) !== asOpened)
  const make = useMake()
  const change = useChange()
  const told = hints(root)
  const unfilled = told.filter((hint) => hint.code === 'unfilled').length
  const isStuck = unfilled > 0 || counted.faults.size > 0
  const save = (values: Values) => {
    const body = { ...values, name: values.name.trim(), description: values.description ?? '', definition: write(root) }
    const after = { onSuccess: ({ id }: { id: string }) => { lift(); done(t('saved')); void go(`/audiences/${id}`) } }
    if (draft.id) change.mutate({ id: draft.id, ...body }, after)
    else make.mutate(body, after)
  }
  const why = unfilled > 0 ? t('cannotSave.unfilled', { count: unfilled }) : counted.faults.size > 0 ? t('faulty') : ''
  const button = <Button type="primary" disabled={isStuck} loading={make.isPending || change.isPending} onClick={() => form.submit()} title={why}>{t('save')}</Button>
  const title = draft.id ? t('editTitle', { name: draft.name }) : t('new')
  const back = draft.id ? { to: `/audiences/${draft.id}`, label: draft.name } : { to: '/audiences', label: t('title') }
  return (
    <>
      <PageHead back={back} title={title} subtitle={t('builder.subtitle')} actions={!isPhone && <>{why && <span className="soft" style={{ alignSelf: 'center' }}>{why}</span>}<Link to={back.to}><Button>{t('cancel')}</Button></Link>{button}</>} />
      <StaleNote />
      <ProblemNote problem={make.error ?? change.error} />
      <div className={styles.editing}>
        <div className="stack">
          <Panel>
            <Form<Values> form={form} layout="vertical" initialValues={draft} onFinish={save} onValuesChange={() => setTyped(true)} requiredMark={false} className={styles.naming}>
              <Form.Item name="name" label={t('fields.name')} rules={[{ required: true, whitespace: true, max: 120 }]}><Input maxLength={120} placeholder={t('fields.nameHint')} /></Form.Item>
              <Form.Item name="refresh" label={t('fields.refresh')}><Select options={refreshes.map((value) => ({ value, label: t(`refresh.${value}`) }))} /></Form.Item>
              <Form.Item name="description" label={t('fields.description')}><Input maxLength={2000} /></Form.Item>
            </Form>
          </Panel>
          <Builder root={root} onChange={setRoot} counted={counted} vocabulary={vocabulary} audienceId={draft.id}
            onTemplate={(name) => form.getFieldValue('name') || form.setFieldValue('name', name)} />
        </div>
        <CountPanel counted={counted} />
      </div>
      {isPhone && (
        <div className={styles.mobile}>
          <span className={styles.total} data-asking={counted.isAsking}><strong className="num" style={{ fontSize: 20 }}>{counted.preview ? count(counted.preview.count) : '–'}</strong> {t('people')}</span>
          {button}
        </div>
      )}
    </>
  )
}

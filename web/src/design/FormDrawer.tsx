import { Button, Drawer, Form, type FormInstance } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { ProblemNote } from './ProblemNote'

type Props<V extends object> = {
  open: boolean
  title: string
  initial?: Partial<V>
  form?: FormInstance<V>
  saving: boolean
  problem?: unknown
  submit?: string
  danger?: boolean
  width?: number
  onClose: () => void
  onSave: (values: V) => void
  children: ReactNode
}

/** A form at the side: what is behind stays readable, Enter saves, Escape leaves. */
export function FormDrawer<V extends object>(props: Props<V>) {
  const { open, title, initial, saving, problem, submit, danger, width = 480, onClose, onSave, children } = props
  const { t } = useTranslation()
  const [own] = Form.useForm<V>()
  const form = props.form ?? own
  return (
    <Drawer open={open} title={title} size={Math.min(width, window.innerWidth)} onClose={onClose} destroyOnHidden
      footer={
        <div style={{ display: 'flex', gap: 8, justifyContent: 'flex-end' }}>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="primary" danger={danger} loading={saving} onClick={() => form.submit()}>{submit ?? t('save')}</Button>
        </div>
      }
    >
      <Form<V> form={form} layout="vertical" initialValues={initial} onFinish={onSave} preserve={false} requiredMark="optional">
        {children}
        <button type="submit" hidden aria-hidden="true" />
      </Form>
      <ProblemNote problem={problem} />
    </Drawer>
  )
}

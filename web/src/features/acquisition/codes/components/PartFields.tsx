import { DeleteOutlined, UploadOutlined } from '@ant-design/icons'
import { Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { csrf } from '@/api/client'
import { Problem } from '@/api/problem'
import { useNotice } from '@/design/notice'

import { useWelcomeFields } from '../queries'
import type { Part } from '../types'
import styles from './codes.module.css'

type Props = { part: Part; onChange: (part: Part) => void; onRemove: () => void }

/** One attachment of a welcome. */
export function PartFields({ part, onChange, onRemove }: Props) {
  const { t } = useTranslation('codes')
  const fields = useWelcomeFields()
  const text = (name: 'title' | 'description' | 'url' | 'picture_url' | 'appid' | 'page', required = true) => (
    <Form.Item label={t(`part.${name}`)} required={required} style={{ marginBottom: 0 }}>
      <Input value={part[name]} onChange={(event) => onChange({ ...part, [name]: event.target.value })} />
    </Form.Item>
  )
  return (
    <div className={styles.part}>
      <div className={styles.partHead}>
        <strong>{t(`parts.${part.kind}`)}</strong>
        <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t('part.remove')} onClick={onRemove} />
      </div>
      {part.kind === 'image' && <PictureField id={part.file_id} onChange={(file_id) => onChange({ ...part, file_id })} />}
      {part.kind === 'link' && <>{text('title')}{text('url')}{text('description', false)}{text('picture_url', false)}</>}
      {part.kind === 'miniprogram' && (
        <>
          {text('title')}
          <div className="two" style={{ gap: 8 }}>{text('appid')}{text('page')}</div>
          <PictureField id={part.file_id} onChange={(file_id) => onChange({ ...part, file_id })} />
        </>
      )}
      {part.kind === 'coupon' && (
        <Select value={part.offer_id || undefined} placeholder={t('part.coupon')} onChange={(offer_id: string) => onChange({ ...part, offer_id })}
          options={fields.data?.coupons.map((coupon) => ({ value: coupon.id, label: coupon.name }))} />
      )}
    </div>
  )
}

function PictureField({ id, onChange }: { id?: string; onChange: (id: string) => void }) {
  const { t } = useTranslation('codes')
  const { refused } = useNotice()
  const [busy, setBusy] = useState(false)
  const send = async (file: File | undefined) => {
    if (!file) return
    setBusy(true)
    const form = new FormData()
    form.append('file', file)
    try {
      const response = await fetch('/api/acquisition/pictures', { method: 'POST', body: form, headers: { 'X-CSRF-Token': csrf() } })
      const body: unknown = await response.json().catch(() => undefined)
      if (!response.ok) throw Problem.of(body, response.status)
      onChange((body as { file_id: string }).file_id)
    } catch (problem) {
      refused(problem)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="row">
      {id && <img className={styles.small} src={`/api/acquisition/pictures/${id}`} alt={t('parts.image')} />}
      <label>
        <input type="file" accept="image/png,image/jpeg" hidden onChange={(event) => { void send(event.target.files?.[0]); event.target.value = '' }} />
        <Button icon={<UploadOutlined />} loading={busy} onClick={(event) => (event.currentTarget.closest('label')?.querySelector('input') as HTMLInputElement).click()}>{t(id ? 'part.replace' : 'part.upload')}</Button>
      </label>
      <span className="faint">{t('part.pictureHint')}</span>
    </div>
  )
}

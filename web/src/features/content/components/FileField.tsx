import { UploadOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useNotice } from '@/design/notice'

import { fileAddress } from '../model'
import { sendFile } from '../queries'
import styles from './content.module.css'

const accepted = { image: 'image/png,image/jpeg,image/gif', video: 'video/mp4', file: '.pdf,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.zip' }

type Props = { id?: string; kind?: keyof typeof accepted; label?: string; onChange: (id: string) => void }

/** A file that is kept at once and named by its id. */
export function FileField({ id, kind = 'image', label, onChange }: Props) {
  const { t } = useTranslation('content')
  const { refused } = useNotice()
  const [busy, setBusy] = useState(false)
  const send = async (file: File | undefined) => {
    if (!file) return
    setBusy(true)
    try {
      onChange((await sendFile(file)).id)
    } catch (problem) {
      refused(problem)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="row">
      {id && kind === 'image' && <img className={styles.small} src={fileAddress(id)} alt={t('kinds.image')} />}
      {id && kind !== 'image' && <a href={fileAddress(id)} download>{t('file.there')}</a>}
      <label>
        <input type="file" accept={accepted[kind]} style={{ display: 'none' }} onChange={(event) => { void send(event.target.files?.[0]); event.target.value = '' }} />
        <Button icon={<UploadOutlined />} loading={busy} onClick={(event) => (event.currentTarget.closest('label')?.querySelector('input') as HTMLInputElement).click()}>{label ?? t(id ? 'file.replace' : 'file.upload')}</Button>
      </label>
      <span className="faint">{t(`file.hint_${kind}`)}</span>
    </div>
  )
}

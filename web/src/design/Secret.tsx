import { CopyOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import styles from './Secret.module.css'

/** Text to be copied as it stands: a secret, a link, a command. */
export function Secret({ text, label }: { text: string; label?: string }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return (
    <div className={styles.secret}>
      <pre className={styles.text} data-testid="secret" aria-label={label}>{text}</pre>
      <Button size="small" type="text" icon={<CopyOutlined />} onClick={() => void copy()}>{copied ? t('copied') : t('copy')}</Button>
    </div>
  )
}

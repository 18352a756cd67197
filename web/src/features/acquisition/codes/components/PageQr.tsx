import { DownloadOutlined } from '@ant-design/icons'
import { Button, QRCode } from 'antd'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'

const SIZE = 168

/** A page's address as a code to print. */
export function PageQr({ address, name }: { address: string; name: string }) {
  const { t } = useTranslation('codes')
  const holder = useRef<HTMLDivElement>(null)
  const save = () => {
    const canvas = holder.current?.querySelector('canvas')
    if (!canvas) return
    const link = document.createElement('a')
    link.href = canvas.toDataURL('image/png')
    link.download = `${name}.png`
    link.click()
  }
  return (
    <div ref={holder} className="stack-small">
      <div role="img" aria-label={t('qrOf', { name })}><QRCode value={address} size={SIZE} errorLevel="M" /></div>
      <Button icon={<DownloadOutlined />} style={{ width: SIZE }} onClick={save}>{t('download')}</Button>
    </div>
  )
}

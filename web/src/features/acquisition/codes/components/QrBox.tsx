import { DownloadOutlined, ScanOutlined } from '@ant-design/icons'
import { Button, Typography } from 'antd'
import { useTranslation } from 'react-i18next'

import { saveFile } from '@/api/transfer'
import { useNotice } from '@/design/notice'

import { scanPage } from '../model'
import type { Code } from '../types'
import styles from './codes.module.css'
import { PageQr } from './PageQr'

/** The code itself: the picture to print, or the address to share. */
export function QrBox({ code, way }: { code: Code; way?: string }) {
  const { t } = useTranslation('codes')
  const { refused } = useNotice()
  const picture = `/api/acquisition/codes/${code.id}/picture${way ? `?way=${way}` : ''}`
  const page = code.page ? `${window.location.origin}${code.page}` : ''
  const address = code.kind === 'link' ? code.url : page
  const ready = way ? code.ways.some((one) => one.id === way && one.has_picture) : code.has_picture && code.kind !== 'store'
  const scan = scanPage((way ? code.ways.find((one) => one.id === way)?.url : code.kind === 'store' ? '' : code.ways[0]?.url) ?? '')
  return (
    <div className="stack-small">
      {code.kind !== 'link' && (code.kind !== 'store' || way) && (
        ready ? <img className={styles.picture} src={picture} alt={t('qrOf', { name: code.name })} /> : <div className={styles.pending}>{t(`standing.${code.standing}`)}</div>
      )}
      {page && !way && <PageQr address={page} name={code.name} />}
      {ready && <Button icon={<DownloadOutlined />} style={{ width: 168 }} onClick={() => saveFile(picture, `${code.name}.png`).catch(refused)}>{t('download')}</Button>}
      {scan && <Button icon={<ScanOutlined />} href={scan} target="_blank" rel="noreferrer" title={t('scanHint')} style={{ width: 168 }}>{t('scan')}</Button>}
      {address && !way && <Typography.Paragraph copyable={{ text: address }} className="mono" style={{ margin: 0 }}>{address}</Typography.Paragraph>}
    </div>
  )
}

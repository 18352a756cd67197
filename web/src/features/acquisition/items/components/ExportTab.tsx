import { DownloadOutlined } from '@ant-design/icons'
import { Button, Form, InputNumber } from 'antd'
import { useTranslation } from 'react-i18next'

import { Panel } from '@/design/Panel'
import { useFormat } from '@/lib/session'

import type { Batch } from '../types'

// One picture per code is for samples and small series.
const PICTURES = 2_000

/** The list for the printing house, and pictures for small series; both stream, neither is kept. */
export function ExportTab({ batch }: { batch: Batch }) {
  const { t } = useTranslation('items')
  const { count } = useFormat()
  const [form] = Form.useForm<{ first: number; last: number }>()
  const first = Form.useWatch('first', form) ?? 1
  const last = Form.useWatch('last', form) ?? batch.codes
  const span = `first=${first}&last=${last}`
  const isSpan = first >= 1 && last >= first && last <= batch.codes
  return (
    <Panel title={t('export.title')}>
      <p className="soft" style={{ marginBottom: 16 }}>{t('export.what')}</p>
      <Form form={form} layout="inline" initialValues={{ first: 1, last: batch.codes }} style={{ rowGap: 12 }}>
        <Form.Item name="first" label={t('export.first')}><InputNumber min={1} max={batch.codes} precision={0} /></Form.Item>
        <Form.Item name="last" label={t('export.last')}><InputNumber min={1} max={batch.codes} precision={0} /></Form.Item>
        <Button type="primary" icon={<DownloadOutlined />} disabled={!isSpan} href={`/api/item-codes/batches/${batch.id}/list?${span}`}>{t('export.list', { codes: count(last - first + 1) })}</Button>
        <Button icon={<DownloadOutlined />} disabled={!isSpan || last - first >= PICTURES} href={`/api/item-codes/batches/${batch.id}/pictures?${span}`}>{t('export.pictures')}</Button>
      </Form>
      <p className="faint" style={{ marginTop: 12 }}>{t('export.hint', { most: count(PICTURES) })}</p>
    </Panel>
  )
}

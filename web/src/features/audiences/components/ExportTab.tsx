import { DownloadOutlined } from '@ant-design/icons'
import { Alert, Button, Checkbox, Form, Input, Progress, Radio } from 'antd'
import { useTranslation } from 'react-i18next'

import { saveFile } from '@/api/transfer'
import { useNotice } from '@/design/notice'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { isEnded, percentOf, useJob } from '@/lib/jobs'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import { useAdExport, useExport } from '../queries'
import type { Audience } from '../types'
import { Webhooks } from './Webhooks'

type Plain = { format: 'csv' | 'parquet'; plain?: string[]; purpose?: string }
type Ads = { format: 'csv' | 'parquet'; fields: ('phone_sha256' | 'email_sha256')[] }
const formats = [{ value: 'csv', label: 'CSV' }, { value: 'parquet', label: 'Parquet' }]
// Beside plain values these say who it is.
const named = ['id', 'member_no', 'user_id']
const plainColumns = ['name', 'phone', 'email'] as const
const hashes = ['phone_sha256', 'email_sha256'] as const

/** The audience as a file, as hashes for advertisers, and told to other systems as it changes. */
export function ExportTab({ audience }: { audience: Audience }) {
  const { t } = useTranslation('audiences')
  const can = useCan()
  const file = useExport(audience.id)
  const ads = useAdExport(audience.id)
  const [form] = Form.useForm<Plain>()
  const plain = Form.useWatch('plain', form) ?? []
  if (!can(permissions.audienceExport)) return <Panel><Alert type="info" showIcon title={t('export.forbidden')} /></Panel>
  return (
    <div className="stack">
      <div className="two">
        <Panel title={t('export.file')} data-testid="export">
          <p className="soft" style={{ marginBottom: 12 }}>{t('export.fileHint')}</p>
          <Form<Plain> layout="vertical" initialValues={{ format: 'csv' }} form={form} onFinish={({ format, purpose, plain: chosen = [] }) => file.mutate({ format, purpose: purpose ?? '', columns: chosen.length ? [...named, ...chosen] : [] })} requiredMark="optional">
            <Form.Item name="format" label={t('export.format')} required><Radio.Group optionType="button" options={formats} /></Form.Item>
            {can(permissions.pii) && <Form.Item name="plain" label={t('export.plain')} extra={t('export.plainHint')}><Checkbox.Group options={plainColumns.map((value) => ({ value, label: t(`export.${value}`) }))} /></Form.Item>}
            <Form.Item name="purpose" label={t('export.purpose')} rules={[{ required: plain.length > 0, whitespace: true }]}><Input maxLength={200} placeholder={t('export.purposeHint')} /></Form.Item>
            <Button type="primary" htmlType="submit" loading={file.isPending}>{t('export.start')}</Button>
          </Form>
          <ProblemNote problem={file.error} />
          <Made jobId={file.data?.job_id} name={audience.name} />
        </Panel>
        <Panel title={t('export.ads')}>
          <p className="soft" style={{ marginBottom: 12 }}>{t('export.adsHint')}</p>
          <Form<Ads> layout="vertical" initialValues={{ format: 'csv', fields: ['phone_sha256'] }} onFinish={(values) => ads.mutate(values)} requiredMark="optional">
            <Form.Item name="format" label={t('export.format')} required><Radio.Group optionType="button" options={formats} /></Form.Item>
            <Form.Item name="fields" label={t('export.fields')} rules={[{ required: true }]}><Checkbox.Group options={hashes.map((value) => ({ value, label: t(`export.${value}`) }))} /></Form.Item>
            <Button type="primary" htmlType="submit" loading={ads.isPending}>{t('export.start')}</Button>
          </Form>
          <ProblemNote problem={ads.error} />
          <Made jobId={ads.data?.job_id} name={audience.name} />
        </Panel>
      </div>
      <Webhooks id={audience.id} />
    </div>
  )
}

/** How far a file is, and the file. */
function Made({ jobId, name }: { jobId: string | undefined; name: string }) {
  const { t } = useTranslation('audiences')
  const { count } = useFormat()
  const { refused } = useNotice()
  const job = useJob(jobId).data
  if (!jobId) return null
  const file = job?.result?.file_id
  const fileName = typeof job?.result?.file_name === 'string' ? job.result.file_name : name
  return (
    <div style={{ marginTop: 12 }}>
      {!isEnded(job) && <Progress percent={percentOf(job)} size="small" />}
      {job?.state === 'failed' && <Alert type="error" showIcon title={t('export.failed')} />}
      {typeof file === 'string' && (
        <Button icon={<DownloadOutlined />} onClick={() => void saveFile(`/api/files/${file}`, fileName).catch(refused)}>{t('export.download', { rows: count(Number(job?.result?.rows ?? 0)) })}</Button>
      )}
    </div>
  )
}

import { InboxOutlined } from '@ant-design/icons'
import { Progress, Radio, Upload } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { bilingual } from '@/lib/text'
import { useUrlState } from '@/lib/url'

import { WizardSteps } from '../components/WizardSteps'
import { useImportKinds, useUpload } from '../queries'

export function NewImport() {
  const { t, i18n } = useTranslation('imports')
  const go = useNavigate()
  const [read, write] = useUrlState()
  const kinds = useImportKinds()
  const upload = useUpload()
  const [share, setShare] = useState(0)
  const kind = read('kind') ?? 'orders'
  const fields = kinds.data?.find((each) => each.kind === kind)?.fields ?? []
  const send = (file: File) => upload.mutate({ kind, file, onProgress: setShare }, { onSuccess: (run) => void go(`/imports/${run.id}`, { replace: true }) })
  return (
    <>
      <PageHead title={t('new')} subtitle={t('newSubtitle')} back={{ to: '/imports', label: t('title') }} />
      <Panel>
        <WizardSteps at={0} />
        <div className="stack">
          <div>
            <h3 style={{ fontSize: 14, marginBottom: 8 }}>{t('what')}</h3>
            <Radio.Group value={kind} optionType="button" buttonStyle="solid" onChange={(event) => write({ kind: String(event.target.value) })}
              options={kinds.data?.map((each) => ({ value: each.kind, label: bilingual(each, i18n.language) })) ?? []} />
            {fields.length > 0 && (
              <p className="soft" style={{ marginTop: 10 }}>
                {t('needs')} {fields.filter((field) => field.required).map((field) => bilingual(field, i18n.language)).join('、') || t('needsNothing')}
              </p>
            )}
          </div>
          <ProblemNote problem={kinds.error} retry={() => void kinds.refetch()} />
          <Upload.Dragger
            accept=".csv,.tsv,.txt,.xlsx,.parquet,.gz,.zip"
            showUploadList={false}
            disabled={upload.isPending}
            beforeUpload={(file) => {
              send(file)
              return false
            }}
          >
            <div style={{ padding: '28px 12px' }}>
              <InboxOutlined style={{ fontSize: 36, color: 'var(--ws-color-primary)' }} />
              <p style={{ fontWeight: 600, margin: '8px 0 4px' }}>{upload.isPending ? t('uploading') : t('drop')}</p>
              <p className="soft">{t('formats')}</p>
              {upload.isPending && <Progress percent={Math.round(share * 100)} style={{ maxWidth: 420, margin: '12px auto 0' }} />}
              {upload.isPending && share >= 1 && <p className="soft">{t('looking')}</p>}
            </div>
          </Upload.Dragger>
          <ProblemNote problem={upload.error} />
        </div>
      </Panel>
    </>
  )
}

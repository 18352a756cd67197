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

import { PresetPicker } from '../components/PresetPicker'
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
  const chosen = kinds.data?.find((each) => each.kind === kind)
  const fields = chosen?.fields ?? []
  const preset = chosen?.presets.find((each) => each === read('preset'))
  const send = (files: File[]) => {
    const first = files[0]?.name ?? ''
    const name = files.length === 1 ? first : t('related.name', { first, count: files.length })
    const place = (id: string) => `/imports/${id}${preset ? `?preset=${preset}` : ''}`
    upload.mutate({ kind, files, name, preset, onProgress: setShare }, { onSuccess: (run) => void go(place(run.id), { replace: true }) })
  }
  return (
    <>
      <PageHead title={t('new')} subtitle={t('newSubtitle')} back={{ to: '/imports', label: t('title') }} />
      <Panel>
        <WizardSteps at={0} />
        <div className="stack">
          <div>
            <h3 style={{ fontSize: 14, marginBottom: 8 }}>{t('what')}</h3>
            <Radio.Group value={kind} optionType="button" buttonStyle="solid" onChange={(event) => write({ kind: String(event.target.value), preset: null })}
              options={kinds.data?.map((each) => ({ value: each.kind, label: bilingual(each, i18n.language) })) ?? []} />
            {fields.length > 0 && (
              <p className="soft" style={{ marginTop: 10 }}>
                {t('needs')} {fields.filter((field) => field.required).map((field) => bilingual(field, i18n.language)).join('、') || t('needsNothing')}
              </p>
            )}
          </div>
          {chosen && <PresetPicker presets={chosen.presets} value={preset} onPick={(name) => write({ preset: name })} />}
          <ProblemNote problem={kinds.error} retry={() => void kinds.refetch()} />
          <Upload.Dragger
            accept=".csv,.tsv,.txt,.xlsx,.parquet,.gz,.zip"
            multiple
            showUploadList={false}
            disabled={upload.isPending}
            beforeUpload={(file, files) => {
              // Asked once for each: what was dropped together goes together.
              if (file === files[files.length - 1]) send(files)
              return false
            }}
          >
            <div style={{ padding: '28px 12px' }}>
              <InboxOutlined style={{ fontSize: 36, color: 'var(--ws-color-primary)' }} />
              <p style={{ fontWeight: 600, margin: '8px 0 4px' }}>{upload.isPending ? t('uploading') : t('drop')}</p>
              <p className="soft">{t('formats')}</p>
              <p className="soft">{t('related.together')}</p>
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

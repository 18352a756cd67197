import { Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

import { FormDrawer } from '@/design/FormDrawer'
import { OneAudience } from '@/features/audiences/pickers/OneAudience'

import { emptyGraph } from '../model'
import { useMakeJourney, useTemplates } from '../queries'
import styles from './journeys.module.css'

type Values = { name?: string; audience?: string }

/** A journey begins empty or from a template, which brings its materials along. */
export function NewJourney({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t, i18n } = useTranslation('journeys')
  const go = useNavigate()
  const templates = useTemplates(open)
  const make = useMakeJourney()
  const [template, setTemplate] = useState<string>()
  const isEnglish = i18n.language === 'en'
  const chosen = templates.data?.find((one) => one.id === template)
  const needsAudience = (chosen?.graph as { entry?: { trigger?: { kind?: string } } } | undefined)?.entry?.trigger?.kind === 'audience'
  const title = chosen ? (isEnglish ? chosen.en : chosen.zh) : ''
  const save = (values: Values) =>
    make.mutate(
      { name: values.name?.trim() || title, kind: 'journey', description: '', ...(template ? { template, audience_id: values.audience ?? '' } : { draft: emptyGraph() }) },
      { onSuccess: (journey) => { onClose(); void go(`/journeys/${journey.id}`) } },
    )
  return (
    <FormDrawer<Values> open={open} title={t('new')} width={760} saving={make.isPending} problem={make.error} submit={t('make')} onClose={onClose} onSave={save}>
      <p className="soft">{t('newHint')}</p>
      <div className={styles.templates}>
        <button type="button" className={styles.template} aria-pressed={!template} onClick={() => setTemplate(undefined)}><strong>{t('blank')}</strong><small>{t('blankHint')}</small></button>
        {templates.data?.map((one) => (
          <button key={one.id} type="button" className={styles.template} aria-pressed={template === one.id} onClick={() => setTemplate(one.id)}>
            <strong>{isEnglish ? one.en : one.zh}</strong><small>{isEnglish ? one.help_en : one.help_zh}</small>
          </button>
        ))}
      </div>
      <Form.Item<Values> name="name" label={t('name')} rules={[{ required: !template, whitespace: true, message: t('nameNeeded') }]}><Input maxLength={120} placeholder={title} /></Form.Item>
      {needsAudience && <Form.Item<Values> name="audience" label={t('entry.audience')} extra={t('audienceHint')}><OneAudience /></Form.Item>}
    </FormDrawer>
  )
}

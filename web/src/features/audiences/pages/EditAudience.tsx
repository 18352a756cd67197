import { useTranslation } from 'react-i18next'
import { useParams } from 'react-router'

import { ProblemNote } from '@/design/ProblemNote'
import { Waiting } from '@/design/Waiting'
import { bilingual } from '@/lib/text'
import { useUrlState } from '@/lib/url'

import { started } from '../builder/palette'
import { Editor, type Draft } from '../components/Editor'
import { useAudience, useTemplates, useVocabulary } from '../queries'

/** A new audience, from nothing, a template or another one; or an audience that is changed. */
export function EditAudience() {
  const { id } = useParams()
  const { t, i18n } = useTranslation('audiences')
  const [read] = useUrlState()
  const [templateId, from] = [read('template'), read('from')]
  const source = useAudience(id ?? from)
  const templates = useTemplates(Boolean(templateId))
  const vocabulary = useVocabulary()
  const problem = source.error ?? vocabulary.error ?? templates.error
  if (problem) return <ProblemNote problem={problem} retry={() => void vocabulary.refetch()} />
  const isWaiting = !vocabulary.data || ((id ?? from) && !source.data) || (templateId && !templates.data)
  if (isWaiting) return <Waiting />
  const template = templates.data?.find((each) => each.id === templateId)
  const draft: Draft = {
    id,
    name: template ? bilingual(template, i18n.language) : source.data ? (id ? source.data.name : t('copyOf', { name: source.data.name })) : '',
    description: source.data?.description ?? '',
    refresh: source.data?.refresh ?? 'live',
    definition: template ? started(template) : source.data?.definition ?? { all: [] },
  }
  return <Editor key={id ?? templateId ?? from ?? 'new'} draft={draft} vocabulary={vocabulary.data} />
}

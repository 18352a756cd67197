import { useTranslation } from 'react-i18next'

import { Empty } from '@/design/Empty'
import { Panel } from '@/design/Panel'
import { Secret } from '@/design/Secret'

import type { Audience } from '../types'

/** The definition as text and as JSON, to be copied. */
export function DefinitionTab({ audience }: { audience: Audience }) {
  const { t } = useTranslation('audiences')
  if (!audience.definition) return <Panel><Empty small title={t('definition.list')} hint={t('definition.listHint')} /></Panel>
  return (
    <div className="stack">
      <Panel title={t('definition.text')}><Secret text={audience.text ?? ''} label={t('definition.text')} /></Panel>
      <Panel title={t('definition.json')}><Secret text={JSON.stringify(audience.definition, null, 2)} label={t('definition.json')} /></Panel>
    </div>
  )
}

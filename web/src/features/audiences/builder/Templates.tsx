import { Drawer } from 'antd'
import { useTranslation } from 'react-i18next'

import { Empty } from '@/design/Empty'
import { ProblemNote } from '@/design/ProblemNote'
import { Waiting } from '@/design/Waiting'
import { bilingual } from '@/lib/text'

import { useTemplates } from '../queries'
import type { Template } from '../types'
import styles from './builder.module.css'

/** Audiences that most brands want, to start from. */
export function Templates({ onChoose, onClose }: { onChoose: (template: Template) => void; onClose: () => void }) {
  const { t, i18n } = useTranslation('audiences')
  const templates = useTemplates(true)
  return (
    <Drawer open title={t('templates.title')} size={Math.min(560, window.innerWidth)} onClose={onClose}>
      <ProblemNote problem={templates.error} retry={() => void templates.refetch()} />
      {templates.isPending && <Waiting />}
      {templates.data?.length === 0 && <Empty small title={t('templates.empty')} />}
      <div className={styles.gallery}>
        {templates.data?.map((template) => (
          <button key={template.id} type="button" className={styles.template} onClick={() => onChoose(template)}>
            <strong>{bilingual(template, i18n.language)}</strong>
            <span>{bilingual({ zh: template.help_zh, en: template.help_en }, i18n.language)}</span>
          </button>
        ))}
      </div>
    </Drawer>
  )
}

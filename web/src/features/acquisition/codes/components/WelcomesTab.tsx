import { Segmented, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Empty } from '@/design/Empty'
import { Facts } from '@/design/Facts'
import { Panel } from '@/design/Panel'

import { daysText, everyDay, isAlways } from '../model'
import type { Code } from '../types'
import { WelcomePreview } from './WelcomePreview'

/** What the code says to whom and when, as a phone shows it. */
export function WelcomesTab({ code }: { code: Code }) {
  const { t } = useTranslation('codes')
  const [place, setPlace] = useState(0)
  const variant = code.welcome[place]
  if (!variant) return <Panel><Empty small title={t('welcome.none')} hint={t('welcome.noneHint')} /></Panel>
  const names = everyDay.map((day) => t(`weekdays.${day}`))
  return (
    <div className="side-right">
      <Panel title={t('tabs.welcome')} extra={code.welcome.length > 1 && <Segmented value={place} onChange={setPlace} options={code.welcome.map((_, index) => ({ value: index, label: index + 1 }))} />}>
        <Facts facts={[
          { label: t('welcome.for'), value: t(`newness.${variant.newness ?? 'anyone'}`) },
          { label: t('welcome.when'), value: isAlways(variant) ? t('hours.always') : `${daysText(variant.weekdays ?? [], names)} ${variant.start}–${variant.end}` },
          { label: t('welcome.text'), value: <span style={{ whiteSpace: 'pre-wrap' }}>{variant.text}</span> },
          { label: t('fields.tags'), value: code.tags.length ? code.tags.map((tag) => <Tag key={`${tag.group}/${tag.name}`}>{tag.group}/{tag.name}</Tag>) : '–' },
        ]} />
      </Panel>
      <WelcomePreview variant={variant} />
    </div>
  )
}

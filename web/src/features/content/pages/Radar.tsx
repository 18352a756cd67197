import { Tabs } from 'antd'
import { useTranslation } from 'react-i18next'

import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { useUrlState } from '@/lib/url'

import { EffectsPanel } from '../components/EffectsPanel'
import { OpeningsTable } from '../components/OpeningsTable'

/** Who opened what, and what content achieves. */
export function Radar() {
  const { t } = useTranslation('content')
  const [read, write] = useUrlState()
  const tab = read('tab') === 'effects' ? 'effects' : 'openings'
  return (
    <>
      <PageHead title={t('radar.title')} subtitle={t('radar.subtitle')} />
      <Tabs activeKey={tab} onChange={(value) => write({ tab: value === 'effects' ? value : undefined })} items={[{ key: 'openings', label: t('radar.openings') }, { key: 'effects', label: t('effects.title') }]} />
      {tab === 'effects' ? <EffectsPanel /> : <Panel flush><OpeningsTable memberId={read('member')} /></Panel>}
    </>
  )
}

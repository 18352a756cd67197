import { PlusOutlined } from '@ant-design/icons'
import { Button, Tabs } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { PageHead } from '@/design/PageHead'
import { permissions } from '@/lib/permissions'
import { useCan } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { BatchDrawer } from '../components/BatchDrawer'
import { BatchesTab } from '../components/BatchesTab'
import { CompareTab } from '../components/CompareTab'
import { DesignsTab } from '../components/DesignsTab'

/** Printed cards: batches that went out, designs, and which of them brings more people. */
export function Cards() {
  const { t } = useTranslation('cards')
  const can = useCan()
  const [read, write] = useUrlState()
  const [making, setMaking] = useState<{ design?: string } | null>(null)
  const mayWrite = can(permissions.cardWrite)
  const actions = mayWrite && (
    <>
      <Link to="/cards/designs/new"><Button>{t('newDesign')}</Button></Link>
      <Button type="primary" icon={<PlusOutlined />} onClick={() => setMaking({})}>{t('newBatch')}</Button>
    </>
  )
  return (
    <>
      <PageHead title={t('title')} subtitle={t('subtitle')} actions={actions} />
      <Tabs
        activeKey={read('tab') ?? 'batches'}
        onChange={(tab) => write({ tab: tab === 'batches' ? undefined : tab })}
        destroyOnHidden
        items={[
          { key: 'batches', label: t('batches'), children: <BatchesTab onNew={mayWrite ? () => setMaking({}) : undefined} /> },
          { key: 'designs', label: t('designs'), children: <DesignsTab onBatch={mayWrite ? (design) => setMaking({ design }) : undefined} /> },
          { key: 'compare', label: t('compare.title'), children: <CompareTab /> },
        ]}
      />
      {making && <BatchDrawer design={making.design} onClose={() => setMaking(null)} />}
    </>
  )
}

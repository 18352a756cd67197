import { ImportOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Empty } from '@/design/Empty'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { permissions } from '@/lib/permissions'
import { useCan } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { UnitDrawer } from '../components/UnitDrawer'
import { UnitSheet } from '../components/UnitSheet'
import { UnitTree } from '../components/UnitTree'
import { useTree } from '../queries'

export function Organization() {
  const { t } = useTranslation('organization')
  const can = useCan()
  const [read, write] = useUrlState()
  const tree = useTree()
  const [adding, setAdding] = useState(false)
  const chosen = read('unit') ?? tree.data?.[0]?.id
  const mayWrite = can(permissions.unitWrite)
  const add = mayWrite && <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>{t('unit.add')}</Button>
  return (
    <>
      <PageHead
        title={t('title')}
        subtitle={t('subtitle')}
        actions={mayWrite && <>{can(permissions.importWrite) && <Link to="/imports/new?kind=units"><Button icon={<ImportOutlined />}>{t('importCsv')}</Button></Link>}{add}</>}
      />
      <ProblemNote problem={tree.error} retry={() => void tree.refetch()} />
      {tree.data?.length === 0 && <Panel><Empty title={t('empty')} hint={t('emptyHint')} action={add} /></Panel>}
      {tree.data && tree.data.length > 0 && (
        <div className="side-left">
          <UnitTree tree={tree.data} chosen={chosen} onChoose={(unit) => write({ unit })} />
          {chosen && <UnitSheet key={chosen} id={chosen} tree={tree.data} />}
        </div>
      )}
      {adding && <UnitDrawer parent={chosen} onClose={() => setAdding(false)} />}
    </>
  )
}

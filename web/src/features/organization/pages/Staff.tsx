import { ImportOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { FilterBar } from '@/design/FilterBar'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { permissions } from '@/lib/permissions'
import { useCan } from '@/lib/session'
import { useUrlState } from '@/lib/url'

import { StaffDrawer } from '../components/StaffDrawer'
import { StaffTable } from '../components/StaffTable'
import { UnitPicker } from '../pickers/UnitPicker'

export function Staff() {
  const { t } = useTranslation('organization')
  const can = useCan()
  const [read, write] = useUrlState()
  const [adding, setAdding] = useState(false)
  const unit = read('unit')
  return (
    <>
      <PageHead
        title={t('staff.title')}
        subtitle={t('staff.subtitle')}
        actions={can(permissions.staffWrite) && (
          <>
            {can(permissions.importWrite) && <Link to="/imports/new?kind=staff"><Button icon={<ImportOutlined />}>{t('importCsv')}</Button></Link>}
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>{t('staff.add')}</Button>
          </>
        )}
      />
      <Panel flush>
        <FilterBar
          active={[unit, read('q')].filter(Boolean).length}
          onClear={() => write({ unit: undefined, q: undefined })}
          search={<Input.Search key={read('q')} allowClear defaultValue={read('q')} placeholder={t('staff.search')} aria-label={t('staff.search')} onSearch={(q) => write({ q })} />}
        >
          <UnitPicker allowClear value={unit} onChange={(chosen) => write({ unit: chosen })} />
        </FilterBar>
        <StaffTable filter={{ unit_id: unit, q: read('q') }} />
      </Panel>
      {adding && <StaffDrawer unit={unit} onClose={() => setAdding(false)} />}
    </>
  )
}

import { PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'

import { Empty } from '@/design/Empty'
import { Mark } from '@/design/Mark'
import { PageHead } from '@/design/PageHead'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { Waiting } from '@/design/Waiting'
import { StaffNames } from '@/features/organization/pickers/StaffNames'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'

import styles from '../components/content.module.css'
import { PersonaDrawer } from '../components/PersonaDrawer'
import { fileAddress } from '../model'
import { usePersonas, useTopics } from '../queries'
import type { Persona } from '../types'

/** Who speaks for the brand. */
export function Personas() {
  const { t } = useTranslation('content')
  const can = useCan()
  const personas = usePersonas()
  const [edited, setEdited] = useState<Persona | 'new'>()
  const make = can(permissions.personaWrite) && <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited('new')}>{t('persona.new')}</Button>
  return (
    <>
      <PageHead title={t('persona.title')} subtitle={t('persona.subtitle')} actions={make} />
      <ProblemNote problem={personas.error} />
      {!personas.data && !personas.error && <Waiting />}
      {personas.data?.length === 0 && <Panel><Empty title={t('persona.empty')} hint={t('persona.emptyHint')} action={make} /></Panel>}
      <div className="two">{personas.data?.map((one) => <Card key={one.id} persona={one} onEdit={() => setEdited(one)} />)}</div>
      <PersonaDrawer key={edited === 'new' ? 'new' : edited?.id} open={edited !== undefined} persona={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />
    </>
  )
}

function Card({ persona, onEdit }: { persona: Persona; onEdit: () => void }) {
  const { t } = useTranslation('content')
  const { count, share, list } = useFormat()
  const can = useCan()
  const topics = useTopics(persona.id)
  const all = (topics.data ?? []).reduce((sum, one) => sum + one.uses, 0)
  return (
    <Panel
      title={<span className="row">{persona.avatar_file_id && <img className={styles.small} src={fileAddress(persona.avatar_file_id)} alt="" />}{persona.name} <Mark tone="well">{t(`personaKinds.${persona.kind}`)}</Mark>{!persona.is_active && <Mark>{t('persona.inactive')}</Mark>}</span>}
      extra={can(permissions.personaWrite) && <Button size="small" onClick={onEdit}>{t('edit.edit')}</Button>}
    >
      <div className="stack-small">
        {persona.tone && <div><span className="soft">{t('persona.tone')}</span> {persona.tone}</div>}
        {persona.about && <div className="soft">{persona.about}</div>}
        {(topics.data ?? []).map((one) => (
          <div key={one.topic}>
            <div className="spread"><span>{one.topic}</span><span className="faint">{t('persona.topicUse', { wanted: one.wanted, real: all ? share(one.uses / all) : '–', n: count(one.uses) })}</span></div>
            <div className={styles.bar}><i style={{ width: `${all ? Math.round((one.uses / all) * 100) : 0}%` }} /></div>
          </div>
        ))}
        {persona.staff_ids.length > 0 && <div><span className="soft">{t('persona.staff')}</span> <StaffNames ids={persona.staff_ids} /></div>}
        {persona.accounts.length > 0 && <div><span className="soft">{t('persona.accounts')}</span> {list(persona.accounts)}</div>}
        <Link to={`/materials?persona=${persona.id}`}>{t('persona.materials', { count: persona.materials, n: count(persona.materials) })}</Link>
      </div>
    </Panel>
  )
}

import { HistoryOutlined } from '@ant-design/icons'
import { Button, Popover, Timeline } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { Empty } from '@/design/Empty'
import { Panel } from '@/design/Panel'
import { ProblemNote } from '@/design/ProblemNote'
import { permissions } from '@/lib/permissions'
import { useCan, useFormat } from '@/lib/session'
import { plain } from '@/lib/text'
import { named } from '@/lib/words'

import { useAttributeHistory } from '../queries'
import type { Member } from '../types'
import { AttributeDrawer } from './AttributeDrawer'
import styles from './lists.module.css'

function History({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation('people')
  const { instant } = useFormat()
  const history = useAttributeHistory(id, name)
  if (history.error) return <ProblemNote problem={history.error} />
  return (
    <Timeline
      style={{ maxHeight: 320, overflow: 'auto', padding: 8, minWidth: 220 }}
      items={history.data?.rows.map((change, index) => ({
        key: index,
        content: <><div>{plain(change.value)}</div><small className="faint">{t('attributes.set', { at: instant(change.at), source: change.source || '–' })}</small></>,
      }))}
    />
  )
}

export function AttributePanel({ member }: { member: Member }) {
  const { t } = useTranslation('people')
  const can = useCan()
  const [editing, setEditing] = useState(false)
  const edit = can(permissions.memberWrite) && <Button size="small" onClick={() => setEditing(true)}>{t('edit')}</Button>
  return (
    <Panel title={t('attributes.title')} flush extra={edit}>
      {member.attributes.length === 0 && <Empty small title={t('attributes.empty')} />}
      <ul className={styles.list}>
        {member.attributes.map((attribute) => (
          <li key={attribute.name}>
            <div className={styles.first}>
              <span className={styles.kind}>{named(t, 'attributeNames', attribute.name)}</span>
              <span>
                {plain(attribute.value)}
                <Popover trigger="click" title={t('attributes.history')} content={<History id={member.id} name={attribute.name} />}>
                  <Button type="text" size="small" icon={<HistoryOutlined />} aria-label={t('attributes.history')} />
                </Popover>
              </span>
            </div>
          </li>
        ))}
      </ul>
      {editing && <AttributeDrawer member={member} onClose={() => setEditing(false)} />}
    </Panel>
  )
}

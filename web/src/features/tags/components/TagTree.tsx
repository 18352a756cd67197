import { Input, Tree } from 'antd'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import { Mark } from '@/design/Mark'
import { useIsPhone } from '@/design/media'
import { Panel } from '@/design/Panel'
import { colours } from '@/design/tokens'
import { useFormat } from '@/lib/session'

import { groupColours, narrowed } from '../model'
import type { TagGroup } from '../types'
import styles from './tags.module.css'

type Drawn = { key: string; title: ReactNode; children?: Drawn[] }
type Props = { groups: TagGroup[]; chosen?: string; onChoose: (id: string) => void }

/** Groups with their tags and how many carry each. */
export function TagTree({ groups, chosen, onChoose }: Props) {
  const { t } = useTranslation('tags')
  const { count } = useFormat()
  const isPhone = useIsPhone()
  const [words, setWords] = useState('')
  const shown = useMemo(() => narrowed(groups, words), [groups, words])
  const colour = (name: string) => (groupColours.find((one) => one === name) ? colours[name as 'well'] : colours.inkGhost)
  const drawn: Drawn[] = shown.map((group) => ({
    key: group.id,
    title: (
      <span className={styles.line}>
        <strong><i className={styles.dot} style={{ background: colour(group.color) }} />{group.name}</strong>
        {group.is_exclusive && <Mark>{t('exclusiveShort')}</Mark>}
        <span className={styles.many}>{t('group.tags', { count: group.tags.length })}</span>
      </span>
    ),
    children: group.tags.map((tag) => ({
      key: tag.id,
      title: (
        <span className={`${styles.line} ${tag.state === 'retired' ? styles.faded : ''}`}>
          <span>{tag.name}</span>
          {tag.rule_audience_id && <Mark tone="busy">{t('rule.short')}</Mark>}
          {tag.state === 'retired' && <Mark>{t('states.retired')}</Mark>}
          <span className={styles.many}>{count(tag.members)}</span>
        </span>
      ),
    })),
  }))
  return (
    <Panel>
      <Input.Search allowClear placeholder={t('search')} aria-label={t('search')} onChange={(event) => setWords(event.target.value)} style={{ marginBottom: 8 }} />
      <Tree
        key={`${words}/${groups.length}`}
        blockNode
        height={isPhone ? 280 : 620}
        treeData={drawn}
        selectedKeys={chosen ? [chosen] : []}
        defaultExpandAll
        onSelect={(keys) => keys[0] !== undefined && onChoose(String(keys[0]))}
      />
    </Panel>
  )
}

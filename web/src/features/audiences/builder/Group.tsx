import { HolderOutlined } from '@ant-design/icons'
import { Segmented } from 'antd'
import { useTranslation } from 'react-i18next'

import { AddMenu } from './AddMenu'
import styles from './builder.module.css'
import { useBuilding } from './context'
import { Count } from './Count'
import { NodeView } from './NodeView'
import { Notes } from './Notes'
import { RowMenu } from './RowMenu'
import { hints, outermost, parentOf, setKind, type Branch } from './tree'
import { useDrag } from './useDrag'

/** Conditions of which all have to hold, or any; or all of whose members are left out. */
export function Group({ node, excluded }: { node: Branch; excluded: boolean }) {
  const { t } = useTranslation('audiences')
  const { root, set } = useBuilding()
  const { handle, target } = useDrag(node.key)
  const outer = outermost(root, node.key)
  const isRoot = parentOf(root, outer) === undefined
  const told = hints(root).filter((hint) => hint.key === node.key)
  return (
    <div className={styles.group} {...target} data-root={isRoot} data-excluded={excluded} data-kind={node.kind} role="group" aria-label={t(`groups.${node.kind}`)} data-testid="group">
      <div className={styles.head}>
        {!isRoot && <span {...handle} className={styles.handle} title={t('builder.drag')} aria-hidden="true"><HolderOutlined /></span>}
        {excluded && <b className={styles.no}>{t('builder.excluded')}</b>}
        {node.kind === 'not'
          ? <span>{t('groups.not')}</span>
          : <Segmented size="small" aria-label={t('groups.label')} value={node.kind} onChange={(kind) => set(setKind(root, node.key, kind as 'all' | 'any'))} options={[{ value: 'all', label: t('groups.all') }, { value: 'any', label: t('groups.any') }]} />}
        <span className={styles.end}>
          <Count of={node.key} excludes={excluded ? outer : undefined} />
          <RowMenu node={node} excluded={excluded} />
        </span>
      </div>
      {node.nodes.length > 0 && <div className={styles.children}>{node.nodes.map((child) => <NodeView key={child.key} node={child} />)}</div>}
      {node.kind === 'all' && node.nodes.length === 0 && !node.isNew && <div className={styles.hint}>{t('hints.everybody')}</div>}
      {told.map((hint) => <div key={hint.code} className={hint.code === 'too_deep' || hint.code === 'too_many' ? styles.fault : styles.hint}>{t(`hints.${hint.code}`)}</div>)}
      <Notes of={node.key} />
      {node.kind !== 'not' && <AddMenu group={node} />}
    </div>
  )
}
